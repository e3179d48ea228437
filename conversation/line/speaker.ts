import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import { type Issue, showIssue } from '../../combinators/issue.js'
import type { AnyGrammar } from '../../combinators/node.js'
import type { Protocol } from '../../combinators/protocol.js'
import type { Plans } from '../../interpreters/compile/resumable.js'
import type { ConversationEvent } from '../events.js'
import { Meter } from '../machine/meter.js'
import { checkLength } from '../machine/says.js'
import {
  type Exit,
  type Host,
  isHalted,
  type Scope,
  type Spoken,
  untilHalted,
  type Voice,
} from '../machine/scope.js'
import { type Bell, Break, type Ending, type Talk, Task } from '../machine/talk.js'
import type { BlobNode, CarriedNode, Frames, LoopNode, SaysNode, Side, UnlessNode } from '../node.js'
import { Incoming } from './incoming.js'
import { sourceFailed, unsayable } from './interruption.js'
import { formOf, type Line } from './line.js'
import { Outgoing } from './outgoing.js'

/** Follows a flow over a line: what all drivers have in common. A subclass finds the words. */
export abstract class Speaker implements Host, Voice {
  readonly isStrict = true
  readonly looksInside = false
  readonly line: Line
  /** What flows in. */
  protected incoming: Array<Incoming> = []
  #outgoing: Map<string, Outgoing> | null = null
  #task: Task<Exit> | null = null
  #isOver = false

  constructor(line: Line) {
    this.line = line
  }

  get plans(): Plans {
    return this.line.plans
  }

  agree(given: Partial<Protocol>): void {
    this.line.agree(given)
  }

  tellBroken(): void {
    // Issues are reported at the end.
  }

  leaves(_value: unknown): void {
    // Only some subclasses need it.
  }

  rests(): void {
    // Only some subclasses need it.
  }

  abstract readonly pause: Host['pause']
  abstract tell(event: ConversationEvent): void
  abstract say(node: SaysNode, scope: Scope): Talk<Spoken>
  abstract more(node: LoopNode, scope: Scope): boolean | Talk<boolean>
  abstract departs(node: UnlessNode, by: Break): boolean
  abstract silent(): void
  abstract breaksOff(key: string): void
  /** The bytes that flow under a key; undefined if there are none. */
  protected abstract sourceOf(node: BlobNode | CarriedNode, scope: Scope): unknown
  /** Whether it may put words now. */
  protected abstract readonly maySpeak: boolean
  /** Rings when that changes. */
  protected abstract readonly turns: Bell
  /** Something of its own cannot be said. */
  protected abstract stumbles(issue: Issue): void
  /** The first of what flows in is there. */
  protected begun(): void {}
  protected abstract over(ending: Ending<Exit>): void

  protected begin(talk: Talk<Exit>): void {
    this.#task = new Task(talk)
  }

  /** Whether the other side is waited for. */
  get isListening(): boolean {
    const { feed } = this.line.ear
    return this.#task?.waits.some((wait) => wait.feed === feed) === true
  }

  /** Goes on as far as it can. */
  advance(): void {
    if (this.#isOver || this.#task === null) {
      return
    }
    this.#task.advance()
    const { ending } = this.#task
    if (ending !== null) {
      this.ends(ending)
    }
  }

  protected get isOver(): boolean {
    return this.#isOver
  }

  /** Its flow has ended. */
  protected ends(ending: Ending<Exit>): void {
    if (!this.#isOver) {
      this.#isOver = true
      this.over(ending)
    }
  }

  /** Goes no further, whatever it waits for. */
  protected drop(reason: unknown): void {
    this.#isOver = true
    this.letGo(reason)
  }

  /** Lets go of what flows. */
  protected letGo(reason: unknown): void {
    for (const each of this.#outgoing?.values() ?? []) {
      each.cancel()
    }
    this.#outgoing = null
    for (const each of this.incoming) {
      each.breakOff(reason)
    }
    this.incoming = []
  }

  get position(): number {
    return this.line.mouth.position
  }

  meter(side: Side, key: string, within: ReadonlyArray<string>): Meter {
    if (side === this.line.side || within.length > 0) {
      return new Meter(null)
    }
    const { line } = this
    const ring = (bell: Bell): void => {
      // Reading on counts as progress, even if the bytes came earlier.
      line.stillness.moved()
      line.ring(bell)
    }
    const incoming = new Incoming(ring, () => this.begun(), line.side === 'server')
    this.incoming.push(incoming)
    this.flows(key, incoming)
    return incoming
  }

  /** Something flows in. */
  protected abstract flows(key: string, incoming: Incoming): void

  /** Puts one message. */
  protected *utter(node: SaysNode, value: unknown, scope: Scope): Talk<Spoken> {
    if (!this.mayPut) {
      yield* this.untilItMayPut()
    }
    return this.utterNow(node, value, scope)
  }

  /** The same, where it may put words now. @throws Break for a value without a form. */
  protected utterNow(node: SaysNode, value: unknown, scope: Scope): Spoken {
    const said = this.attempt(node, value, scope)
    if (isLeft(said)) {
      throw this.broken(node.key, said.left)
    }
    return said.right
  }

  /** The same; of a value without a form nothing is put. `form`: its bytes, if they have been made. */
  protected attempt(node: SaysNode, value: unknown, scope: Scope, form?: Uint8Array): Either<Issue, Spoken> {
    const start = this.position
    const tooLong = this.#tooLong(node, value, scope)
    if (tooLong !== null) {
      return left(tooLong)
    }
    this.begins()
    if (form !== undefined) {
      this.line.mouth.give(form)
      return right({ value, start, end: this.position })
    }
    const written = this.line.put(node.grammar, value)
    return isLeft(written) ? written : right({ value, start, end: this.position })
  }

  #tooLong(node: SaysNode, value: unknown, scope: Scope): Issue | null {
    if (node.atMost === null) {
      return null
    }
    try {
      checkLength(node, { value, ear: scope.ears[node.side], start: this.position }, scope)
      return null
    } catch (thrown) {
      if (thrown instanceof Break) {
        return { ...thrown.issue, path: [] }
      }
      throw thrown
    }
  }

  *put(grammar: AnyGrammar, value: unknown, key: string, body?: Uint8Array): Talk<void> {
    yield* this.untilItMayPut()
    this.#put(grammar, value, key)
    if (body !== undefined) {
      this.line.mouth.give(body)
    }
  }

  pledges(last: Frames['brokenOff']): void {
    const form = last === null ? null : formOf(this.plans, last.grammar, last.value)
    if (form !== null && isLeft(form)) {
      throw new TypeError(`what is said where frames break off has no form: ${showIssue(form.left)}`)
    }
    this.line.mouth.lastWords = form === null ? null : form.right
  }

  *bytes(chunk: Uint8Array): Talk<void> {
    yield* this.untilItMayPut()
    if (chunk.length > 0) {
      this.line.mouth.give(chunk)
    }
  }

  *chunk(node: BlobNode | CarriedNode, scope: Scope, most: number): Talk<Uint8Array | null> {
    const outgoing = this.#outgoingOf(node, scope)
    // The other side no longer reads. It may still send the reason, so wait for its last message before taking more
    // from the source.
    while (this.line.deafness !== null && scope.halt !== null && !isHalted(scope.halt)) {
      yield untilHalted(scope.halt)
    }
    try {
      return yield* outgoing.next(most, scope.halt)
    } catch (thrown) {
      throw this.broken(node.key, sourceFailed(thrown, this.position))
    }
  }

  broken(key: string, issue: Issue): Break {
    const found = this.line.ears[this.line.side].broken([key], issue, issue.offset)
    this.stumbles(found.issue)
    return found
  }

  protected unsaid(key: string): Break {
    return this.broken(key, { ...unsayable(key, 'a message', 'nothing'), path: [] })
  }

  #outgoingOf(node: BlobNode | CarriedNode, scope: Scope): Outgoing {
    this.#outgoing ??= new Map()
    const found = this.#outgoing.get(node.key)
    if (found !== undefined) {
      return found
    }
    const source = this.sourceOf(node, scope)
    if (source === undefined) {
      throw this.unsaid(node.key)
    }
    let made: Outgoing
    try {
      // A later failure comes after the messages sent so far.
      made = new Outgoing(source, this.line.ring, () => this.line.mouth.flush())
    } catch (thrown) {
      throw this.broken(node.key, sourceFailed(thrown, this.position))
    }
    this.#outgoing.set(node.key, made)
    return made
  }

  /** Whether it may put words now, and there is room for them. */
  get mayPut(): boolean {
    return this.maySpeak && this.line.mouth.hasRoom
  }

  protected *untilItMayPut(): Talk<void> {
    while (!this.mayPut) {
      yield [...this.turns.next(), ...this.line.mouth.room.next()]
    }
  }

  #put(grammar: AnyGrammar, value: unknown, key: string): void {
    this.begins()
    const written = this.line.put(grammar, value)
    if (isLeft(written)) {
      throw this.broken(key, written.left)
    }
  }

  /** Something is about to be put. */
  protected begins(): void {}
}
