import { isLeft } from 'fp-ts/lib/Either.js'
import { after } from '../../bytes/after.js'
import { checkOptions, type OptionChecks } from '../../combinators/options.js'
import { quoted } from '../../combinators/show.js'
import type { Json } from '../../interpreters/json/index.js'
import type { FuzzOutcome } from '../outcome.js'
import { type Command, expectCommand, invocationOf, lineOf } from '../process/command.js'
import { type Ended, Program, showEnd } from '../process/program.js'
import { ProgramError } from '../process/program-error.js'
import { expectSeconds, expectWhole } from '../targets/numbers.js'
import {
  type Asked,
  type DecodeQuestion,
  type Description,
  decodeBodies,
  describeBody,
  descriptionOf,
  type EncodeQuestion,
  encodeBodies,
  type MessageType,
  outcomeOf,
  parseReply,
  questionLine,
  type Reply,
} from './messages.js'
import { Watch } from './watch.js'

export interface AdapterOptions {
  /** The program: a command line for the shell, or the program and its arguments. */
  readonly command: Command
  /** The most seconds for one answer. A program that is still starting has at least 30. */
  readonly timeout: number
  /** The most memory of the program, in MiB. */
  readonly memory?: number
}

const adapterOptions: OptionChecks<AdapterOptions> = {
  command: expectCommand,
  timeout: expectSeconds,
  memory: expectWhole(1, 2 ** 40),
}

interface Pending {
  readonly id: number
  readonly body: string
  readonly asked: Asked
  readonly resolve: (outcome: FuzzOutcome) => void
  readonly reject: (error: ProgramError) => void
}

/** The number of the question that is sent at each start. */
const describeId = 0

/** The time limit for the start of a program, in seconds. */
const longestStart = 30

/** The likely reason if a program says nothing that an adapter says. */
const ifRunForEach =
  'an adapter answers each line of its input before the next one comes. A program that reads one message and ends is ' +
  'given with --exec, in code with programTarget or programCodec'

/** The handler of a program's replies. */
interface Hears {
  readonly reply: (reply: Reply) => void
  readonly end: (ended: Ended) => void
  /** The program broke the adapter protocol. */
  readonly breach: (what: string) => void
}

/**
 * A running adapter: a program that answers one question after another, in any order. If it crashes or hangs it is
 * started again, and the pending questions are asked again, one at a time, to find the one that caused it.
 */
export class Adapter {
  readonly #options: AdapterOptions
  #program: Program | null = null
  #life = 0
  #isUp = false
  #description: Description | null = null
  #nextId = 1
  /** Not asked yet. */
  readonly #waiting = new Set<Pending>()
  /** To be asked again, each alone. */
  readonly #suspects = new Set<Pending>()
  /** Asked and not answered, in the order of asking. */
  readonly #asked = new Map<number, Pending>()
  #isAlone = false
  readonly #watch = new Watch(
    () => this.#patience(),
    () => this.#late(),
  )
  #broken: ProgramError | null = null
  /** Whether answers may have values that are looked at. */
  #isValueWanted = false
  #isClosed = false
  #gone: () => void = () => {}
  readonly #working: Hears = {
    reply: (reply) => this.#answered(reply),
    end: (ended) => this.#ended(ended),
    breach: (what) => this.#break(what),
  }
  #hears = this.#working

  private constructor(options: AdapterOptions) {
    checkOptions('Adapter', adapterOptions, options)
    expectCommand('the option command of Adapter', options.command)
    this.#options = options
  }

  /**
   * Starts the program and asks it to describe itself, within `seconds`.
   *
   * @throws ProgramError (the promise rejects) if it cannot be started, or does not describe itself.
   */
  static async start(options: AdapterOptions, seconds = Number.POSITIVE_INFINITY): Promise<Adapter> {
    const adapter = new Adapter(options)
    try {
      adapter.#description = await adapter.#describe(seconds)
    } catch (error) {
      adapter.kill()
      throw error
    }
    return adapter
  }

  get description(): Description {
    return this.#description!
  }

  /** The promise rejects with a {@link ProgramError} if the program breaks the adapter protocol. */
  decode(question: DecodeQuestion): Promise<FuzzOutcome> {
    return this.decoder(question, question.want)(question.bytes)
  }

  /** The promise rejects with a {@link ProgramError} if the program breaks the adapter protocol. */
  encode(question: EncodeQuestion): Promise<FuzzOutcome> {
    return this.encoder(question)(question.value)
  }

  /**
   * A decoder for many messages of one type.
   *
   * @internal
   */
  decoder(message: MessageType, want: DecodeQuestion['want']): (bytes: Uint8Array) => Promise<FuzzOutcome> {
    const bodyOf = decodeBodies(message, want)
    const asked = want.length === 0 ? 'accept' : 'decode'
    this.#isValueWanted ||= want.includes('value')
    return (bytes) => this.#ask(asked, bodyOf(bytes))
  }

  /** @internal */
  encoder(message: MessageType): (value: Json) => Promise<FuzzOutcome> {
    const bodyOf = encodeBodies(message)
    return (value) => this.#ask('encode', bodyOf(value))
  }

  /** Gives the program one second to end by itself. Questions that are still pending are never answered. */
  async close(): Promise<void> {
    const program = this.#program
    if (program === null || this.#isClosed) {
      this.kill()
      return
    }
    this.#isClosed = true
    this.#watch.stop()
    await new Promise<void>((resolve) => {
      const late = setTimeout(() => program.kill(), 1000)
      this.#gone = () => {
        clearTimeout(late)
        resolve()
      }
      program.finish()
    })
    this.#program = null
  }

  /** Kills the program. */
  kill(): void {
    this.#isClosed = true
    this.#watch.stop()
    this.#program?.kill()
    this.#program = null
  }

  #describe(seconds: number): Promise<Description> {
    return new Promise((resolve, reject) => {
      const timeout = Math.min(this.#patience(), seconds)
      const fail = (what: string): void => {
        stop()
        reject(this.#error(what))
      }
      const stop = after(timeout * 1000, () =>
        fail(`it did not describe itself within ${timeout} s: ${ifRunForEach}`),
      )
      this.#start({
        reply: (reply) => {
          const description = descriptionOf(reply)
          if (isLeft(description)) {
            fail(description.left)
            return
          }
          stop()
          this.#hears = this.#working
          resolve(description.right)
        },
        end: (ended) => fail(`it ended without describing itself: ${showEnd(ended)}; ${ifRunForEach}`),
        breach: (what) => fail(`${what} instead of its description; ${ifRunForEach}`),
      })
    })
  }

  #start(hears: Hears): Program {
    this.#hears = hears
    const life = ++this.#life
    // Output of an earlier process is ignored.
    const isCurrent = (): boolean => life === this.#life
    const { command, memory } = this.#options
    const program = new Program(invocationOf(command, memory), {
      line: (line) => {
        if (isCurrent() && line.trim() !== '') {
          this.#isUp = true
          const reply = parseReply(line, this.#isValueWanted)
          if (isLeft(reply)) {
            this.#hears.breach(reply.left)
          } else {
            this.#hears.reply(reply.right)
          }
        }
      },
      end: (ended) => {
        if (this.#isClosed) {
          this.#gone()
        } else if (isCurrent()) {
          this.#hears.end(ended)
        }
      },
    })
    this.#program = program
    this.#isUp = false
    program.send(questionLine(describeId, describeBody))
    return program
  }

  /** How long it may take to say something; until it has said its first line, it is starting. */
  #patience(): number {
    const { timeout } = this.#options
    return this.#isUp ? timeout : Math.max(timeout, longestStart)
  }

  /** Forgets the program; what it wrote to its standard error. */
  #leave(): string {
    const stderr = this.#program?.stderr ?? ''
    this.#program?.kill()
    this.#program = null
    this.#life++
    return stderr
  }

  #ask(asked: Asked, body: string): Promise<FuzzOutcome> {
    return new Promise((resolve, reject) => {
      if (this.#broken !== null) {
        reject(this.#broken)
        return
      }
      const pending = { id: this.#nextId++, body, asked, resolve, reject }
      if (this.#isClosed || this.#isAlone || this.#suspects.size > 0) {
        this.#waiting.add(pending)
      } else {
        this.#send(pending)
      }
    })
  }

  #pump(): void {
    if (this.#isClosed || this.#isAlone) {
      return
    }
    const [suspect] = this.#suspects
    if (suspect !== undefined) {
      if (this.#asked.size === 0) {
        this.#isAlone = true
        this.#suspects.delete(suspect)
        this.#send(suspect)
      }
      return
    }
    for (const each of this.#waiting) {
      this.#waiting.delete(each)
      this.#send(each)
    }
  }

  #send(pending: Pending): void {
    const program = this.#program ?? this.#start(this.#working)
    this.#asked.set(pending.id, pending)
    program.send(questionLine(pending.id, pending.body))
    this.#watchOldest()
  }

  #answered(reply: Reply): void {
    if (reply.id === describeId) {
      // After a restart, the questions have their usual time limit, not that of a start.
      this.#watch.stop()
      this.#watchOldest()
      return
    }
    const pending = this.#asked.get(reply.id)
    if (pending === undefined) {
      this.#break(`an answer to an unknown question: ${reply.id}`)
      return
    }
    const outcome = outcomeOf(reply, pending.asked)
    if (isLeft(outcome)) {
      this.#break(outcome.left)
      return
    }
    this.#settle(pending, outcome.right)
  }

  #settle(pending: Pending, outcome: FuzzOutcome): void {
    this.#asked.delete(pending.id)
    this.#isAlone = false
    pending.resolve(outcome)
    this.#watchOldest()
    if (this.#suspects.size > 0 || this.#waiting.size > 0) {
      this.#pump()
    }
  }

  #ended(ended: Ended): void {
    if (ended.error !== null) {
      this.#break(ended.error.message)
      return
    }
    const stderr = this.#leave()
    this.#lost({ _tag: 'crashes', how: showEnd(ended), stderr })
  }

  #late(): void {
    this.#lost({ _tag: 'hangs', stderr: this.#leave() })
  }

  /** The program is gone: a single question is the cause, of several each is asked again. */
  #lost(outcome: FuzzOutcome): void {
    const asked = [...this.#asked.values()]
    if (asked.length === 1) {
      this.#settle(asked[0]!, outcome)
      return
    }
    this.#asked.clear()
    this.#isAlone = false
    for (const each of asked) {
      this.#suspects.add(each)
    }
    this.#watchOldest()
    this.#pump()
  }

  /** The first that was asked has waited longest. */
  #watchOldest(): void {
    this.#watch.over(this.#asked.keys().next().value ?? null)
  }

  #break(what: string): void {
    this.#broken = this.#error(what)
    this.kill()
    for (const { reject } of [...this.#asked.values(), ...this.#suspects, ...this.#waiting]) {
      reject(this.#broken)
    }
    this.#asked.clear()
    this.#suspects.clear()
    this.#waiting.clear()
  }

  #error(what: string): ProgramError {
    const said = this.#program?.stderr.trim() ?? ''
    const tail = said === '' ? '' : `; it wrote to standard error: ${quoted(said.slice(-300))}`
    return new ProgramError(`the adapter ${quoted(lineOf(this.#options.command))}: ${what}${tail}`)
  }
}
