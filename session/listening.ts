import type { Issue } from '../combinators/issue.js'
import type { AnyGrammar, Grammar } from '../combinators/node.js'
import type { Protocol } from '../combinators/protocol.js'
import type { ConversationEvent } from '../conversation/events.js'
import { notYet } from '../conversation/machine/feed.js'
import { Meter } from '../conversation/machine/meter.js'
import type { Host, Scope } from '../conversation/machine/scope.js'
import type { Break, Talk } from '../conversation/machine/talk.js'
import type { SaysNode, Side } from '../conversation/node.js'
import type { Plans } from '../interpreters/compile/resumable.js'
import type { Conversation } from './conversation.js'
import type { Greeting } from './greeting.js'
import type { Menu } from './menu.js'
import { hasFlowed, hearInside, isUnfit } from './words/content.js'
import { Hearing } from './words/hearing.js'
import { hearLog, logNow } from './words/log.js'
import { hearOperation, operationNow } from './words/operation.js'
import { endFailed, turnOver } from './words/over.js'
import { hearReply, replyNow } from './words/reply.js'
import { hearRequest, requestNow } from './words/request.js'

/** Follows a conversation, and reports it as a session. */
export class Listening implements Host {
  readonly tellsCutShort = true
  readonly isStrict = false
  readonly looksInside = true
  readonly pause = null
  readonly #hearing: Hearing

  constructor(talk: Conversation) {
    this.#hearing = new Hearing(talk)
  }

  get plans(): Plans {
    return this.#hearing.talk.plans
  }

  agree(given: Partial<Protocol>): void {
    this.#hearing.talk.agree(given)
    if (given.version !== undefined) {
      this.greeting.begin()
    }
  }

  rests(): void {
    // Operations report their own beginning.
  }

  leaves(): void {
    // Errors are reported with their operation.
  }

  /** The issue in the client's messages, until the daemon answers them. */
  get broken(): ReadonlyArray<Break> {
    return this.#hearing.broken
  }

  /** Sets the operations that the client may send. */
  greeted(menu: Menu): void {
    this.#hearing.menu = menu
  }

  get greeting(): Greeting {
    return this.#hearing.greeting
  }

  meter(_side: Side, _key: string, within: ReadonlyArray<string>): Meter {
    return this.#hearing.going?.received?.meter(within) ?? new Meter(null)
  }

  readonly now = (node: SaysNode, scope: Scope): unknown => {
    const hearing = this.#hearing
    if (scope.within.length > 0 || hearing.menu === null) {
      return notYet
    }
    const ear = scope.ears[node.side]
    switch (node.key) {
      case 'log':
        return isDeparture(scope) ? notYet : logNow(hearing, ear)
      case 'operation':
        return operationNow(hearing, ear)
      case 'request':
        return requestNow(hearing, ear, typed(node.grammar))
      case 'reply':
        return replyNow(hearing, ear, typed(node.grammar))
      default:
        return notYet
    }
  }

  readonly hear = (node: SaysNode, scope: Scope): Talk<unknown> => {
    const hearing = this.#hearing
    const { talk } = hearing
    const { key } = node
    const ear = scope.ears[node.side]
    const grammar = typed(node.grammar)
    if (scope.within.length > 0) {
      return hearInside(hearing, ear, { key, grammar }, scope.within)
    }
    switch (key) {
      case 'log':
        return hearLog(hearing, ear, isDeparture(scope))
      case 'operation':
        return hearOperation(hearing, ear)
      case 'request':
        return hearRequest(hearing, ear, grammar)
      case 'reply':
        return hearReply(hearing, ear, grammar)
      case 'answer':
        return hearing.value(ear, [key], [], talk.read(ear.feed, grammar))
      case 'magic':
      case 'version':
      case 'hello':
        return this.#greets(key, ear.value([key], grammar, this.plans))
      default:
        return this.#greets(key, hearing.value(ear, [key], [], talk.read(ear.feed, grammar)))
    }
  };

  *#greets(key: string, reading: Talk<unknown>): Talk<unknown> {
    const value = yield* reading
    this.greeting.take(key, value)
    return value
  }

  readonly passes = ({ feed, issue }: Break, scope: Scope): boolean => {
    const side = scope.ears.client.feed === feed ? 'client' : 'server'
    if (this.#hearing.menu === null) {
      return false
    }
    this.#hearing.note(side, { ...issue, path: [...scope.within, ...issue.path] })
    return true
  }

  tell(event: ConversationEvent): void {
    switch (event.kind) {
      case 'flowed':
        hasFlowed(this.#hearing, event)
        break
      case 'issue':
        isUnfit(this.#hearing, event)
        break
      case 'turn':
        if (event.is === 'over' && event.turn.loop === 'operations') {
          turnOver(this.#hearing, event)
        }
        break
      case 'said':
      case 'end':
        break
    }
  }

  tellBroken(breaks: ReadonlyArray<Break>): void {
    this.#hearing.broken = breaks
  }

  /** An issue in the form of events. */
  placed(issue: Issue): Issue {
    return this.#hearing.placed(issue)
  }

  /** The current operation ended in an error, if one was sent. */
  endFailed(): boolean {
    return endFailed(this.#hearing)
  }
}

const typed = (grammar: AnyGrammar): Grammar<unknown> => grammar as Grammar<unknown>

const isDeparture = ({ turn }: Scope): boolean => turn?.turn.loop === 'departure'
