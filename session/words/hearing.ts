import { none, type Option } from 'fp-ts/lib/Option.js'
import type { FieldPath, Issue } from '../../combinators/issue.js'
import type { Ear } from '../../conversation/machine/ear.js'
import { Break, type Note, type Talk } from '../../conversation/machine/talk.js'
import type { Side } from '../../conversation/node.js'
import type { Conversation } from '../conversation.js'
import { Greeting } from '../greeting.js'
import { guess } from '../guess.js'
import type { Menu } from '../menu.js'
import { inHandshake, inOperation } from '../placed.js'
import type { Attempt } from '../trail.js'
import { askedText, type Going } from './going.js'

/** The state while messages of any kind are read, and how issues in them are reported. */
export class Hearing {
  readonly talk: Conversation
  readonly greeting: Greeting
  /** The operations that may be requested; null in the handshake. */
  menu: Menu | null = null
  going: Going | null = null
  /** The number of the handshake's log message being read. */
  index = 0
  /** The issue of the client's bytes, while the daemon's answer to them is read. */
  broken: ReadonlyArray<Break> = []
  /** Whether the daemon's next bytes are no answer to those of the client. */
  isDeaf = false
  /** The values whose first issue has been reported. */
  readonly #guessed: { [S in Side]: Attempt | null } = { client: null, server: null }

  constructor(talk: Conversation) {
    this.talk = talk
    this.greeting = new Greeting(talk)
  }

  /** The current operation. */
  get current(): Going {
    if (this.going === null) {
      throw new Error('no operation goes on')
    }
    return this.going
  }

  /** Reads a value; issues whose extent is known are reported. */
  *value<A>(ear: Ear, path: FieldPath, within: ReadonlyArray<string>, reading: Talk<A>): Talk<A> {
    try {
      for (;;) {
        const step = reading.next()
        if (step.done === true) {
          return step.value
        }
        if ('feed' in step.value) {
          this.#noted(ear, [...within, ...path], step.value)
        } else {
          yield step.value
        }
      }
    } catch (error) {
      throw error instanceof Break ? ear.broken(path, error.issue) : error
    }
  }

  #noted(ear: Ear, path: FieldPath, { issue, omitted }: Note): void {
    if (issue !== null) {
      this.note(ear.side, { ...issue, offset: ear.offsetOf(issue.offset), path: [...path, ...issue.path] })
    }
    this.talk.omitted += omitted
  }

  /** Reports an issue whose extent is known. */
  note(side: Side, issue: Issue): void {
    const found = this.placed(issue)
    this.talk.report(side, found, () => this.#firstGuess(side, found), false)
  }

  /** Guessing takes long, so only the first issue of a value gets a guess. */
  #firstGuess(side: Side, issue: Issue): Option<string> {
    const { talk } = this
    const { latest } = side === 'client' ? talk.clientTrail : talk.serverTrail
    if (latest !== null && latest === this.#guessed[side]) {
      return none
    }
    this.#guessed[side] = latest
    return guess(talk, side, issue, false)
  }

  /** An issue in the form of events. */
  placed(issue: Issue): Issue {
    const { going } = this
    if (issue.grammar === 'session') {
      return issue
    }
    if (this.menu === null) {
      return inHandshake(issue, this.greeting, this.index)
    }
    return inOperation(issue, {
      version: this.talk.protocol.version,
      asked: going === null ? '' : askedText(going),
      index: going?.index ?? 0,
      received: going?.received ?? null,
      wanted: going?.wanted ?? 0,
    })
  }
}
