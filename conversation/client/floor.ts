import type { Issue } from '../../combinators/issue.js'
import type { Departure, Interruption } from '../line/interruption.js'
import type { Line } from '../line/line.js'
import type { TurnsNode } from '../line/shape.js'
import type { Speaker } from '../line/speaker.js'
import type { Scope } from '../machine/scope.js'
import type { Bell, Break } from '../machine/talk.js'
import type { Echoes } from './echoes.js'
import type { ConnectSettings } from './options.js'

/** The turns, and where they stand. */
export interface Menu extends TurnsNode {
  readonly scope: Scope
}

/** How an opening ended, where it did not come to the turns or went on behind them. */
export type OpeningEnd =
  | { readonly _tag: 'over' }
  | { readonly _tag: 'left'; readonly value: unknown }
  | { readonly _tag: 'interrupted'; readonly by: Interruption }

/** A call that may have been answered, or not. */
export interface InDoubt extends Speaker {
  /** The other side refused it, and goes on. */
  refuse(said: unknown): void
  /** What it was taken for was the other side's departure. */
  wasDeparture(): Departure
  giveUp(reason: Interruption): void
  /** The connection is over; `isItsOwn`: for what this call met, and none before it. */
  fail(reason: Interruption, isItsOwn: boolean): void
}

/** Who has the floor on a connection, to speak and to hear. */
export interface Floor {
  readonly line: Line
  readonly options: ConnectSettings
  readonly echoes: Echoes
  /** Rings when somebody else is first. */
  readonly turns: Bell
  hears(speaker: Speaker): boolean
  speaks(speaker: Speaker): boolean
  enter(speaker: Speaker): void
  /** It has nothing more to say. */
  silent(speaker: Speaker): void
  /** What is wrong, with what can be said of the bytes there. */
  explained(by: Break): Issue
  /** A listener failed: where the conversation stands nobody knows. */
  threw(thrown: unknown): void
  /** The turns have begun. */
  opened(): void
  openingOver(end: OpeningEnd): void
  /** Nothing of a call is left here. */
  finished(call: InDoubt): void
  /** Whether it was an answer is told by what comes next: more bytes, or the end. */
  hold(call: InDoubt, said: unknown): void
}
