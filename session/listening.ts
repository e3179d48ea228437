import { isSome, none, type Option, some } from 'fp-ts/lib/Option.js'
import { holds } from '../combinators/gate.js'
import type { FieldPath, Issue } from '../combinators/issue.js'
import type { AnyGrammar, Grammar } from '../combinators/node.js'
import type { Protocol } from '../combinators/protocol.js'
import { ordVersion } from '../combinators/version.js'
import type {
  ConversationEvent,
  ConversationIssueEvent,
  FlowedEvent,
  TurnOverEvent,
} from '../conversation/events.js'
import type { Ear } from '../conversation/machine/ear.js'
import { notYet } from '../conversation/machine/feed.js'
import { Meter } from '../conversation/machine/meter.js'
import type { Host, Scope } from '../conversation/machine/scope.js'
import { Break, type Note, settled, type Talk } from '../conversation/machine/talk.js'
import type { SaysNode, Side } from '../conversation/node.js'
import { Int } from '../grammar/integers.js'
import { LogMessage } from '../grammar/logging.js'
import { type AnyOperation, One, streamOf } from '../grammar/operations/operation.js'
import type { Plans } from '../interpreters/compile/resumable.js'
import type { Conversation } from './conversation.js'
import type { SessionMessage } from './events.js'
import { Greeting } from './greeting.js'
import { guess } from './guess.js'
import type { Log } from './log.js'
import type { Menu } from './menu.js'
import { Opened } from './opened.js'
import { inHandshake, inOperation } from './placed.js'
import { Received } from './received.js'
import { Closed, errorHere, isSaidAgain, settleRepeated } from './repeated.js'
import type { Attempt } from './trail.js'

const tagSize = 8

/** The daemon has said why it breaks off. Thrown inside. */
export class Departed extends Error {}

/** An operation that goes on. */
interface Going {
  readonly opened: Opened
  readonly operation: AnyOperation | null
  readonly id: number
  /** Whether its number may be no operation at all, but zeros that stand for something else. */
  readonly isZeros: boolean
  readonly lacking: boolean
  /** Where its number begins. */
  readonly start: number
  isStarted: boolean
  received: Received | null
  isDownloading: boolean
  reply: Option<unknown>
  /** Which message of the log is read. */
  index: number
  wanted: number
  errorTwice: boolean
  /** What is wrong with what is carried. */
  unfit: { readonly side: Side; readonly issue: Issue } | null
  /** Whether all that is carried has passed. */
  hasFlowed: boolean
}

/** Hears a conversation, and tells of it as a session. */
export class Listening implements Host {
  readonly tellsCutShort = true
  readonly isStrict = false
  readonly looksInside = true
  readonly pause = null
  readonly #talk: Conversation
  readonly #greeting: Greeting
  #menu: Menu | null = null
  #going: Going | null = null
  /** Which message of the handshake's log is read. */
  #index = 0
  /** What the client said and cannot be read, while it is heard what the daemon says to it. */
  #broken: ReadonlyArray<Break> = []
  /** Whether nothing that comes now is what the daemon says to it. */
  #isDeaf = false
  /** The values whose first issue has been told. */
  readonly #guessed: { [S in Side]: Attempt | null } = { client: null, server: null }

  constructor(talk: Conversation) {
    this.#talk = talk
    this.#greeting = new Greeting(talk)
  }

  get plans(): Plans {
    return this.#talk.plans
  }

  agree(given: Partial<Protocol>): void {
    this.#talk.agree(given)
    if (given.version !== undefined) {
      this.#greeting.begin()
    }
  }

  rests(): void {
    // The operations say where they begin.
  }

  leaves(): void {
    // What an error says is told with its operation.
  }

  /** What was wrong with the client's words before the daemon answered them. */
  get broken(): ReadonlyArray<Break> {
    return this.#broken
  }

  /** These operations may be asked. */
  greeted(menu: Menu): void {
    this.#menu = menu
  }

  get greeting(): Greeting {
    return this.#greeting
  }

  meter(_side: Side, _key: string, within: ReadonlyArray<string>): Meter {
    return this.#going?.received?.meter(within) ?? new Meter(null)
  }

  readonly now = (node: SaysNode, scope: Scope): unknown => {
    if (scope.within.length > 0 || this.#menu === null) {
      return notYet
    }
    const ear = scope.ears[node.side]
    switch (node.key) {
      case 'log':
        return scope.turn?.turn.loop === 'departure' ? notYet : this.#logNow(ear)
      case 'operation':
        return this.#operationNow(ear)
      case 'request':
        return this.#requestNow(node, ear)
      case 'reply':
        return this.#replyNow(node, ear)
      default:
        return notYet
    }
  }

  #logNow(ear: Ear): unknown {
    const talk = this.#talk
    if (talk.doubtful !== null) {
      return notYet
    }
    const { offset } = ear.feed
    const message = talk.plainly(ear.feed, LogMessage)
    if (message === notYet) {
      return notYet
    }
    talk.serverTrail.begin('message', LogMessage, offset, talk.during)
    return this.#heard(ear, message, offset) ? message : notYet
  }

  #operationNow(ear: Ear): unknown {
    const talk = this.#talk
    const { offset } = ear.feed
    const id = talk.plainly(ear.feed, Int)
    // Zeros may be something else.
    if (id === notYet || id === 0) {
      ear.feed.rewind(offset)
      return notYet
    }
    this.#begin(id, offset, false)
    return id
  }

  #requestNow(node: SaysNode, ear: Ear): unknown {
    const talk = this.#talk
    const going = this.#current
    const { offset } = ear.feed
    const grammar = typed(node.grammar)
    const request = going.lacking ? notYet : talk.now(ear.feed, grammar)
    if (request !== notYet) {
      talk.clientTrail.begin('request', grammar, offset, talk.during)
      this.#asked(going, request)
    }
    return request
  }

  #replyNow(node: SaysNode, ear: Ear): unknown {
    const talk = this.#talk
    const { offset } = ear.feed
    const grammar = replied(node)
    const reply = talk.now(ear.feed, grammar)
    if (reply !== notYet) {
      talk.serverTrail.begin('reply', grammar, offset, talk.during)
      this.#current.reply = some(reply)
    }
    return reply
  }

  readonly hear = (node: SaysNode, scope: Scope): Talk<unknown> => {
    const ear = scope.ears[node.side]
    if (scope.within.length > 0) {
      return this.#inside(node, ear, scope)
    }
    if (node.key === 'log') {
      return this.#log(ear, scope)
    }
    switch (node.key) {
      case 'operation':
        return this.#operation(ear)
      case 'request':
        return this.#request(node, ear)
      case 'reply':
        return this.#reply(node, ear)
      case 'magic':
      case 'version':
      case 'hello':
        return this.#greets(node, ear, ear.value([node.key], node.grammar, this.plans))
      case 'answer':
        return this.#value(ear, ['answer'], [], this.#talk.read(ear.feed, typed(node.grammar)))
      default: {
        const reading = this.#talk.read(ear.feed, typed(node.grammar))
        return this.#greets(node, ear, this.#value(ear, [node.key], [], reading))
      }
    }
  }

  readonly passes = ({ feed, issue }: Break, scope: Scope): boolean => {
    const side = scope.ears.client.feed === feed ? 'client' : 'server'
    if (this.#menu === null) {
      return false
    }
    this.#note(side, { ...issue, path: [...scope.within, ...issue.path] })
    return true
  }

  tell(event: ConversationEvent): void {
    switch (event.kind) {
      case 'flowed':
        this.#flowed(event)
        break
      case 'issue':
        this.#unfit(event)
        break
      case 'turn':
        if (event.is === 'over' && event.turn.loop === 'operations') {
          this.#over(event)
        }
        break
      case 'said':
      case 'end':
        break
    }
  }

  #flowed(event: FlowedEvent): void {
    const going = this.#going
    going?.received?.flowed(event)
    if (going !== null && event.within.length === 0) {
      going.hasFlowed = true
      if (going.received?.stream.way === 'framed') {
        this.#tellUnfit(going)
      }
    }
  }

  /** What is carried is not what it should be. It counts when all of it has passed, and what is pulled or pushed did well. */
  #unfit({ side, issue }: ConversationIssueEvent): void {
    const going = this.#current
    going.unfit = { side, issue: this.placed(issue) }
    if (going.hasFlowed) {
      this.#tellUnfit(going)
    }
  }

  #tellUnfit(going: Going): void {
    const { unfit } = going
    if (unfit !== null) {
      const { side, issue } = unfit
      going.unfit = null
      this.#talk.report(side, issue, () => guess(this.#talk, side, issue, false), false)
    }
  }

  tellBroken(breaks: ReadonlyArray<Break>): void {
    this.#broken = breaks
  }

  /** An issue as events tell it. */
  placed(issue: Issue): Issue {
    const going = this.#going
    if (issue.grammar === 'session') {
      return issue
    }
    if (this.#menu === null) {
      return inHandshake(issue, this.#greeting, this.#index)
    }
    const asked = going === null ? '' : askedText(going)
    return inOperation(issue, {
      version: this.#talk.protocol.version,
      asked,
      index: going?.index ?? 0,
      received: going?.received ?? null,
      wanted: going?.wanted ?? 0,
    })
  }

  /** The operation that goes on ended in an error, if one was said. */
  endFailed(): boolean {
    const going = this.#going
    if (going === null || !isSome(going.opened.log.error)) {
      return false
    }
    const { opened, errorTwice } = going
    opened.end({ outcome: 'error', error: opened.log.error, errorTwice, stream: opened.progress() })
    this.#going = null
    return true
  }

  get #current(): Going {
    if (this.#going === null) {
      throw new Error('no operation goes on')
    }
    return this.#going
  }

  *#greets(node: SaysNode, _ear: Ear, reading: Talk<unknown>): Talk<unknown> {
    const value = yield* reading
    this.#greeting.take(node.key, value)
    return value
  }

  /** Hears a value; what is wrong in it and loses no place is told. */
  *#value<A>(ear: Ear, path: FieldPath, within: ReadonlyArray<string>, reading: Talk<A>): Talk<A> {
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
      this.#note(ear.side, { ...issue, offset: ear.offsetOf(issue.offset), path: [...path, ...issue.path] })
    }
    this.#talk.omitted += omitted
  }

  #note(side: Side, issue: Issue): void {
    const found = this.placed(issue)
    this.#talk.report(side, found, () => this.#firstGuess(side, found), false)
  }

  /** To guess takes long: of the issues of one value only the first has one. */
  #firstGuess(side: Side, issue: Issue): Option<string> {
    const talk = this.#talk
    const { latest } = side === 'client' ? talk.clientTrail : talk.serverTrail
    if (latest !== null && latest === this.#guessed[side]) {
      return none
    }
    this.#guessed[side] = latest
    return guess(talk, side, issue, false)
  }

  *#operation(ear: Ear): Talk<unknown> {
    const talk = this.#talk
    const { client } = talk
    talk.during = none
    const start = client.offset
    const number = yield* settled(ear.value(['operation'], Int, talk.plans))
    if (number._tag === 'Broken') {
      this.#isDeaf = true
      yield* settleRepeated(talk)
      throw number.by
    }
    const id = number.value as number
    this.#begin(id, start, id === 0 && (yield* client.any()))
    return id
  }

  /** An operation has been asked for. Zeros stand in many places: only at the end they are the operation of that number. */
  #begin(id: number, start: number, isFollowedZero: boolean): void {
    const talk = this.#talk
    const entry = this.#menu?.byId.get(id)
    const operation = entry?.operation ?? null
    const lacking = entry !== undefined && (!entry.own || !holds(entry.operation.gate, talk.protocol))
    const isZeros = isFollowedZero || (id === 0 && lacking)
    const named = isZeros ? null : operation
    talk.during = some(named?.name ?? `operation ${id}`)
    this.#going = {
      opened: new Opened(talk, id, named, lacking),
      operation,
      id,
      isZeros,
      lacking,
      start,
      isStarted: false,
      received: null,
      isDownloading: false,
      reply: none,
      index: 0,
      wanted: 0,
      errorTwice: false,
      unfit: null,
      hasFlowed: false,
    }
  }

  *#request(node: SaysNode, ear: Ear): Talk<unknown> {
    const talk = this.#talk
    const going = this.#current
    const { lacking } = going
    const grammar = typed(node.grammar)
    talk.clientTrail.begin('request', grammar, ear.feed.offset, talk.during)
    // Whether a request of an operation that the protocol lacks is one at all only its form tells.
    const reading = lacking ? talk.strictly(ear.feed, grammar) : talk.value(ear.feed, grammar)
    const request = yield* this.#value(ear, ['request'], [], reading)
    this.#asked(going, request)
    return request
  }

  #asked(going: Going, request: unknown): void {
    going.opened.start(some(request))
    going.isStarted = true
    this.#expectStream(going)
  }

  #expectStream(going: Going): void {
    const { operation, opened, lacking } = going
    if (operation === null) {
      return
    }
    const talk = this.#talk
    const given = lacking ? firstOf(operation, talk.protocol) : talk.protocol
    const stream = streamOf(operation, given)
    if (stream === undefined) {
      return
    }
    const received = new Received(stream, talk)
    going.received = received
    if (stream.way !== 'raw' || stream.direction === 'upload') {
      if (stream.way === 'raw') {
        received.beginRaw(talk.client)
      }
      opened.progress = () => some(received.summary)
    }
  }

  *#reply(node: SaysNode, ear: Ear): Talk<unknown> {
    const talk = this.#talk
    const grammar = replied(node)
    talk.serverTrail.begin('reply', grammar, ear.feed.offset, talk.during)
    const reply = yield* this.#value(ear, ['reply'], [], talk.value(ear.feed, grammar))
    this.#current.reply = some(reply)
    return reply
  }

  *#inside(node: SaysNode, ear: Ear, { within }: Scope): Talk<unknown> {
    const { received } = this.#current
    received?.begin(node.key, ear.feed.offset)
    const reading = this.#talk.value(ear.feed, typed(node.grammar))
    const value = yield* this.#value(ear, [node.key], within, reading)
    received?.take(node.key, value, ear.feed.offset)
    return value
  }

  /** The next message that is the conversation's. */
  *#log(ear: Ear, scope: Scope): Talk<unknown> {
    const talk = this.#talk
    if (scope.turn?.turn.loop === 'departure') {
      yield* this.#departing(ear)
    } else if (talk.doubtful !== null) {
      yield* settleRepeated(talk)
      ear.begin()
    }
    for (;;) {
      const { offset } = ear.feed
      talk.serverTrail.begin('message', LogMessage, offset, talk.during)
      const message = yield* this.#value(ear, ['log'], [], talk.read(ear.feed, LogMessage))
      if (this.#heard(ear, message, offset)) {
        return message
      }
    }
  }

  /** Takes a message; false for one that the operation has no use for. */
  #heard(ear: Ear, message: LogMessage, offset: number): boolean {
    const talk = this.#talk
    const going = this.#going
    const log = going?.opened.log ?? this.#greeting.log
    const way = going?.received?.stream.way
    switch (message._tag) {
      case 'Last':
        this.#last(ear, going)
        break
      case 'Error':
        log.error = some(message.error)
        break
      case 'Write':
        this.#add(log, { _tag: 'Write', size: message.data.length }, tagSize)
        if (way !== 'pushed') {
          this.#note('server', unexpected(offset, 'Write', 'nothing is pushed'))
          this.#next(going)
          return false
        }
        break
      case 'Read':
        this.#add(log, message, tagSize)
        if (way !== 'pulled') {
          throw ear.broken([], unexpected(offset, 'Read', 'nothing is pulled'))
        }
        if (going !== null) {
          going.wanted = message.wanted
        }
        break
      default:
        this.#add(log, message, talk.server.offset - offset)
    }
    this.#next(going)
    return true
  }

  #next(going: Going | null): void {
    if (going === null) {
      this.#index++
    } else {
      going.index++
    }
  }

  #last(ear: Ear, going: Going | null): void {
    const talk = this.#talk
    if (going === null) {
      return
    }
    const { isZeros, opened, received, id, start } = going
    if (isZeros) {
      this.#isDeaf = true
      throw new Break(talk.client, {
        _tag: 'UnknownTag',
        offset: start,
        path: ['operation'],
        expected: '',
        actual: String(id),
        grammar: 'operation',
      })
    }
    if (received?.stream.way === 'raw' && received.stream.direction === 'download') {
      going.isDownloading = true
      received.beginRaw(ear.feed)
      opened.progress = () => some(received.summary)
    }
  }

  #add(log: Log, message: SessionMessage, bytes: number): void {
    const talk = this.#talk
    if (log.messages.length < talk.keep && log.bytes + bytes <= talk.keepBytes) {
      log.messages.push(message)
      log.bytes += bytes
    } else {
      log.omitted++
    }
    if (talk.progress) {
      talk.emit({ kind: 'message', message })
    }
  }

  /** Decides whether what the daemon says is what it says when it breaks off. */
  *#departing(ear: Ear): Talk<void> {
    const talk = this.#talk
    const going = this.#going
    if (going === null && this.#broken.length === 0 && !this.#isDeaf) {
      // All was answered: what comes now is the last error again, or nobody asked for it.
      yield* settleRepeated(talk)
      throw new Closed()
    }
    if (going === null || this.#isDeaf) {
      throw notThat(ear)
    }
    const { log } = going.opened
    if (isSome(log.error)) {
      going.errorTwice = yield* isSaidAgain(talk, log.error)
      throw new Departed()
    }
    if (this.#broken.length === 0) {
      const said = going.isDownloading ? yield* errorHere(talk) : none
      if (!isSome(said)) {
        throw notThat(ear)
      }
      log.error = said
      going.errorTwice = yield* isSaidAgain(talk, said)
      throw new Departed()
    }
    if (going.isStarted) {
      throw notThat(ear)
    }
    yield* settleRepeated(talk)
    ear.begin()
  }

  #over({ how }: TurnOverEvent): void {
    const going = this.#going
    if (going === null) {
      return
    }
    const { opened, reply, received, isStarted } = going
    switch (how) {
      case 'done': {
        this.#tellUnfit(going)
        const stream = opened.progress()
        const isDownloaded = received?.stream.way === 'raw' && received.stream.direction === 'download'
        const outcome = isSome(reply) || isDownloaded ? 'reply' : 'none'
        opened.end({ outcome, reply, stream })
        this.#going = null
        break
      }
      case 'again':
        opened.fail({ error: opened.log.error, stream: opened.progress() })
        this.#going = null
        break
      case 'broken':
        if (!isStarted && !this.#isDeaf) {
          opened.start(none)
        }
        break
      case 'closed':
      case 'departed':
        break
    }
  }
}

/** A client ignores the integer; the reader of a recording may want to know it. */
const replied = ({ grammar }: SaysNode): Grammar<unknown> => typed(grammar === One ? Int : grammar)

const typed = (grammar: AnyGrammar): Grammar<unknown> => grammar as Grammar<unknown>

const askedText = ({ id, operation, isZeros }: Going): string =>
  operation === null || isZeros ? String(id) : `${id} (${operation.name})`

/** The protocol nearest to the one agreed on that has the operation, for the form of its stream. */
const firstOf = ({ since }: AnyOperation, protocol: Protocol): Protocol =>
  ordVersion.compare(protocol.version, since) < 0 ? { ...protocol, version: since } : protocol

const notThat = (ear: Ear): Break =>
  new Break(ear.feed, {
    _tag: 'UnexpectedValue',
    offset: ear.feed.offset,
    path: [],
    expected: 'what a daemon says that breaks off',
    actual: 'something else',
    grammar: 'session',
  })

const unexpected = (offset: number, actual: string, expected: string): Issue => ({
  _tag: 'UnexpectedValue',
  offset,
  path: ['log', '_tag'],
  expected: `another message, since ${expected} here`,
  actual,
  grammar: 'LogMessage',
})
