import type { Issue } from '../../combinators/issue.js'
import type { Departure, Interruption } from '../line/interruption.js'
import type { Line } from '../line/line.js'
import type { TurnsNode } from '../line/shape.js'
import type { Speaker } from '../line/speaker.js'
import type { Scope } from '../machine/scope.js'
import type { Bell, Break } from '../machine/talk.js'
import type { Case } from '../node.js'
import type { Echoes } from './echoes.js'
import type { ConnectSettings } from './options.js'
import type { ShortTurn } from './short-turn.js'

/** The turns, and their scope. */
export interface Menu extends TurnsNode {
  readonly scope: Scope
}

/** How an opening ended if it did not reach the turns, or continued after them. */
export type OpeningEnd =
  | { readonly _tag: 'over' }
  | { readonly _tag: 'left'; readonly value: unknown }
  | { readonly _tag: 'interrupted'; readonly by: Interruption }

/** A call of which it is unknown whether it was answered. */
export interface InDoubt extends Speaker {
  /** The other side rejected it, and goes on. */
  refuse(said: unknown): void
  /** It was taken for the departure of the other side. */
  wasDeparture(): Departure
  giveUp(reason: Interruption): void
  /** The connection is over; `isItsOwn`: because of this call, not of an earlier one. */
  fail(reason: Interruption, isItsOwn: boolean): void
}

/** Decides which call may send and which may receive on a connection. */
export interface Floor {
  readonly line: Line
  readonly options: ConnectSettings
  readonly echoes: Echoes
  /** Rings when another call is first. */
  readonly turns: Bell
  hears(speaker: Speaker): boolean
  speaks(speaker: Speaker): boolean
  enter(speaker: Speaker): void
  /** The call has nothing more to send. */
  silent(speaker: Speaker): void
  /** The case as a short turn; null if it is none. */
  shortTurnOf(chosen: Case): ShortTurn | null
  /** The issue, with what can be said about its bytes. */
  explained(by: Break): Issue
  /** A listener failed, so the state of the conversation is unknown. */
  threw(thrown: unknown): void
  /** The turns have begun. */
  opened(): void
  openingOver(end: OpeningEnd): void
  /** The call is over. */
  finished(call: InDoubt): void
  /** Waits for what follows, more bytes or the end, to find out whether it was a reply. */
  hold(call: InDoubt, said: unknown): void
}
