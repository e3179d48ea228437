import type { Line } from '../line/line.js'
import { caseNow } from '../machine/branch.js'
import { notYet } from '../machine/feed.js'
import type { Exit } from '../machine/scope.js'
import type { FlowNode, SaysNode } from '../node.js'
import type { HeardStep, ShortTurn } from './short-turn.js'

/** The call that a short talk works for. */
export interface ShortHost {
  readonly line: Line
  /** Whether it may send now, and there is room for a message. */
  readonly mayPut: boolean
  readonly mayHear: boolean
  /** Sends the label of the turn (null) or the value given for a message; false if that cannot be encoded. */
  puts(word: SaysNode | null): boolean
  /** The call has nothing more to send. */
  silent(): void
  hears(key: string, value: unknown): void
  /** A message that ends the turn. */
  leaves(value: unknown): void
}

/** The state of a short turn: it waits (null), it has ended, or a talk must follow the rest of it. */
export type ShortRest = null | { readonly exit: Exit } | { readonly rest: FlowNode }

/**
 * Follows a short turn without a talk while each message has arrived completely. This is the usual case, and a talk costs
 * more than a short message. Anything else is left to a talk, which starts at the beginning of a message.
 */
export class ShortTalk {
  readonly #turn: ShortTurn
  readonly #host: ShortHost
  /** The index of the next step; −1 until the client has sent everything. */
  #at = -1

  constructor(turn: ShortTurn, host: ShortHost) {
    this.#turn = turn
    this.#host = host
  }

  get isListening(): boolean {
    return this.#at >= 0 && this.#host.mayHear
  }

  /** Continues as far as possible. */
  advance(): ShortRest {
    if (this.#at < 0) {
      if (!this.#host.mayPut || !this.#say()) {
        return null
      }
      this.#at = 0
      this.#host.silent()
    }
    return this.#hear()
  }

  #say(): boolean {
    return this.#host.puts(null) && this.#turn.said.every((word) => this.#host.puts(word))
  }

  #hear(): ShortRest {
    const { heard } = this.#turn
    for (let step = heard[this.#at]; step !== undefined; step = heard[this.#at]) {
      const { feed } = this.#host.line.ear
      if (!this.#host.mayHear || (feed.unread === 0 && !feed.ended)) {
        return null
      }
      const exit = this.#hearStep(step)
      if (exit === notYet) {
        return { rest: step.rest }
      }
      if (exit === null) {
        this.#at++
      } else if (exit !== step.many?.loop) {
        return { exit }
      }
    }
    return { exit: null }
  }

  /** Receives one message, or nothing at all (`notYet`). */
  #hearStep({ word, many }: HeardStep): string | null | typeof notYet {
    const { line } = this.#host
    const { ear, plans } = line
    const start = ear.begin()
    const value = ear.feed.now(word.grammar, plans)
    if (value === notYet) {
      return notYet
    }
    const found = many === null ? null : caseNow(many.branch, value, plans.protocol)
    if (many !== null && found === null) {
      ear.feed.rewind(start)
      return notYet
    }
    this.#host.hears(word.key, value)
    if (found?.flow._tag !== 'again') {
      return null
    }
    if (found.flow.loop !== many?.loop) {
      this.#host.leaves(value)
    }
    return found.flow.loop
  }
}
