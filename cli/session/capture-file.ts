import { showIssue } from '../../combinators/issue.js'
import { RecordingReader } from '../../session/recording/recording-reader.js'
import type { RecordedStep, RecordingIssue } from '../../session/recording/step.js'
import { sideOf } from '../../session/side-of.js'
import { Failure } from '../failure.js'
import { showName } from '../nar/show.js'
import { say } from '../terminal.js'
import type { Growth } from './growth.js'
import { RecordedFile } from './recorded-file.js'

/** The most connections of a file that may be open at a time. */
const mostOpen = 256

const headSize = 8

/** Follows the connections of a file; `S` is its state for each. */
export interface CaptureFollower<S> {
  /** The connections that the file may have, in words: `connection of Nix`. */
  readonly what: string
  open(): S
  take(connection: number, session: S, step: RecordedStep): Promise<void>
  /** The connection is over. `isEnd`: because the file is over. */
  close(connection: number, session: S, isEnd: boolean): Promise<void>
  /** Nothing has come of these connections for now. */
  quiet(open: ReadonlyMap<number, S>): Promise<void>
  /** The file has an issue. */
  problem(text: string): void
}

const oneSide = {
  client: ' is what the client of a connection sent: name the file with the bytes of the other side after it',
  server:
    ' is what the daemon or server of a connection sent: name the file with the bytes of the client before it',
  none: ' is not a pcapng or pcap file; for a recording in two files, name the second file after it',
}

interface Shown<S> {
  readonly session: S
  ended: number
}

/** The connections of a pcapng or pcap file. */
export class CaptureFile<S> {
  readonly #path: string
  readonly #follower: CaptureFollower<S>
  /** The number of the only connection that is followed. */
  readonly #only: number | null
  readonly #reader = new RecordingReader()
  readonly #open = new Map<number, Shown<S>>()
  /** How the file begins. */
  #head = new Uint8Array(0)
  #seen = 0
  #isDamaged = false

  constructor(path: string, follower: CaptureFollower<S>, only: number | null) {
    this.#path = path
    this.#follower = follower
    this.#only = only
  }

  /**
   * Follows the connections of the file; with `growth` also what is appended to it, until they or the command end.
   */
  async follow(growth: Growth | null): Promise<void> {
    const file = await RecordedFile.open(this.#path)
    try {
      for (;;) {
        const bytes = await file.next()
        if (bytes !== null) {
          this.#head = this.#head.length === 0 ? bytes.slice(0, headSize) : this.#head
          await this.#takeAll(this.#reader.push(bytes))
        } else if (growth === null || growth.isOver || this.#isDone) {
          break
        } else {
          await this.#follower.quiet(new Map([...this.#open].map(([key, { session }]) => [key, session])))
          await growth.wait()
        }
      }
    } finally {
      await file.close()
    }
    await this.#takeAll(this.#reader.end())
    for (const connection of [...this.#open.keys()]) {
      await this.#close(connection, true)
    }
    if (this.#seen === 0 && !this.#isDamaged) {
      const { what } = this.#follower
      this.#problem(`: there is no ${this.#only === null ? what : `connection ${this.#only + 1}`} in it`)
    }
  }

  /** Whether all connections so far are over, or the file cannot be read. */
  get #isDone(): boolean {
    return this.#isDamaged || (this.#seen > 0 && this.#open.size === 0)
  }

  async #takeAll(steps: Iterable<RecordedStep | RecordingIssue>): Promise<void> {
    for (const step of steps) {
      if (step.kind === 'issue') {
        this.#tell(step)
      } else {
        await this.#take(step)
      }
    }
  }

  async #take(step: RecordedStep): Promise<void> {
    const { connection } = step
    const shown = this.#shown(connection)
    if (shown === null) {
      return
    }
    await this.#follower.take(connection, shown.session, step)
    shown.ended += step.kind === 'end' ? 1 : 0
    if (shown.ended === 2) {
      await this.#close(connection, false)
    }
  }

  /** The connection with that number; null if it is not followed, or over. */
  #shown(connection: number): Shown<S> | null {
    const found = this.#open.get(connection)
    if (found !== undefined) {
      return found
    }
    // Connections are numbered in the order of their first packet.
    if ((this.#only !== null && connection !== this.#only) || connection < this.#seen) {
      return null
    }
    if (this.#open.size >= mostOpen) {
      throw new Failure(1, `${showName(this.#path)}: more than ${mostOpen} connections at a time`)
    }
    const opened = { session: this.#follower.open(), ended: 0 }
    this.#seen = connection + 1
    this.#open.set(connection, opened)
    return opened
  }

  async #close(connection: number, isEnd: boolean): Promise<void> {
    const shown = this.#open.get(connection)
    if (shown !== undefined) {
      this.#open.delete(connection)
      await this.#follower.close(connection, shown.session, isEnd)
    }
  }

  #tell({ issue }: RecordingIssue): void {
    this.#isDamaged = true
    if (issue._tag === 'UnexpectedValue' && issue.offset === 0) {
      this.#problem(oneSide[sideOf(this.#head) ?? 'none'])
    } else if (issue._tag === 'UnexpectedEnd' && this.#seen > 0) {
      const text = `${showName(this.#path)}: ${showIssue(issue)}`
      say(`${text}; it is still being written, or its writer was killed`)
    } else {
      this.#problem(`: ${showIssue(issue)}`)
    }
  }

  #problem(text: string): void {
    this.#follower.problem(`${showName(this.#path)}${text}`)
  }
}
