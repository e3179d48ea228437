import { showIssue } from '../../combinators/issue.js'
import { now } from '../../daemon/now.js'
import type { FlowSession } from '../../session/own/flow-session.js'
import type { OwnConversation } from '../../session/own/own-protocol.js'
import { RecordingReader } from '../../session/recording/recording-reader.js'
import type { RecordedStep, RecordingIssue } from '../../session/recording/step.js'
import { Failure } from '../failure.js'
import { showName } from '../nar/show.js'
import type { Growth } from '../session/growth.js'
import { type Pair, RecordedFile } from '../session/recorded-file.js'
import { nextSide } from '../session/steps.js'
import { type OwnPrinter, openSession } from './printer.js'

/** So many connections may be open at a time in one file. */
const mostOpen = 256

interface Shown {
  readonly session: FlowSession
  ended: number
}

/** Prints the connections of a pcapng or pcap file, whatever is said in them, as they go on in it. */
export class OwnCapture {
  readonly #path: string
  readonly #conversation: OwnConversation
  readonly #printer: OwnPrinter
  readonly #only: number | null
  readonly #reader = new RecordingReader()
  readonly #open = new Map<number, Shown>()
  #seen = 0
  #isDamaged = false

  constructor(path: string, conversation: OwnConversation, printer: OwnPrinter, only: number | null) {
    this.#path = path
    this.#conversation = conversation
    this.#printer = printer
    this.#only = only
  }

  /** All that is in the file; with `growth` also what comes to be in it, until its connections or the command end. */
  async print(growth: Growth | null): Promise<void> {
    const file = await RecordedFile.open(this.#path)
    try {
      for (;;) {
        const bytes = await file.next()
        if (bytes !== null) {
          await this.#takeAll(this.#reader.push(bytes))
        } else if (growth === null || growth.isOver || this.#isDone) {
          break
        } else {
          await growth.wait()
        }
      }
    } finally {
      await file.close()
    }
    await this.#takeAll(this.#reader.end())
    for (const connection of [...this.#open.keys()]) {
      await this.#leave(connection)
    }
    if (this.#seen === 0 && !this.#isDamaged) {
      const what = this.#only === null ? 'no connection' : `no connection ${this.#only + 1}`
      this.#printer.problem(`${showName(this.#path)}: there is ${what} in it`)
    }
  }

  get #isDone(): boolean {
    return this.#isDamaged || (this.#seen > 0 && this.#open.size === 0)
  }

  async #takeAll(steps: Iterable<RecordedStep | RecordingIssue>): Promise<void> {
    for (const step of steps) {
      if (step.kind === 'issue') {
        this.#isDamaged = true
        this.#printer.problem(`${showName(this.#path)}: ${showIssue(step.issue)}`)
      } else {
        await this.#take(step)
      }
    }
  }

  async #take(step: RecordedStep): Promise<void> {
    const { connection, side, at } = step
    const shown = this.#shown(connection)
    if (shown === null) {
      return
    }
    if (step.kind === 'gap') {
      this.#printer.problem(`${showName(this.#path)}: bytes of the ${side} are missing`)
      this.#open.delete(connection)
      return
    }
    if (step.kind === 'end' && step.how === 'stopped') {
      return
    }
    const events =
      step.kind === 'bytes' ? shown.session.push(side, step.bytes, at) : shown.session.end(side, at)
    for (const event of events) {
      await this.#printer.event(connection, event)
    }
    shown.ended += step.kind === 'end' ? 1 : 0
    if (shown.ended === 2) {
      this.#open.delete(connection)
    }
  }

  /** The connection of that number; null for one that is not printed, or over. */
  #shown(connection: number): Shown | null {
    const found = this.#open.get(connection)
    if (found !== undefined) {
      return found
    }
    // They are numbered as they come.
    if ((this.#only !== null && connection !== this.#only) || connection < this.#seen) {
      return null
    }
    if (this.#open.size >= mostOpen) {
      throw new Failure(1, `${showName(this.#path)}: more than ${mostOpen} connections at a time`)
    }
    const opened = { session: openSession(this.#conversation), ended: 0 }
    this.#seen = connection + 1
    this.#open.set(connection, opened)
    return opened
  }

  /** What a connection that is open has begun is told as far as it has come. */
  async #leave(connection: number): Promise<void> {
    for (const part of this.#open.get(connection)?.session.pending ?? []) {
      await this.#printer.event(connection, part)
    }
    await this.#printer.open(connection)
    this.#open.delete(connection)
  }
}

/** Prints what two files hold, of which one is what the client sent; with `growth` also what comes to be in them. */
export const printOwnPair = async (
  client: string,
  server: string,
  session: FlowSession,
  printer: OwnPrinter,
  growth: Growth | null,
): Promise<void> => {
  const files = await RecordedFile.openBoth(client, server)
  try {
    await (growth === null
      ? printWhole(files, session, printer)
      : printGrowing(files, session, printer, growth))
  } finally {
    await files.client.close()
    await files.server.close()
  }
}

const printWhole = async (files: Pair, session: FlowSession, printer: OwnPrinter): Promise<void> => {
  while (!files.client.ended || !files.server.ended) {
    const side = nextSide(session, files)
    const bytes = await files[side].next()
    for (const event of bytes === null ? session.end(side) : session.push(side, bytes)) {
      const around = event.kind === 'issue' ? await files[event.side].around(event.issue.offset) : undefined
      await printer.event(0, event, around)
    }
  }
}

const printGrowing = async (
  files: Pair,
  session: FlowSession,
  printer: OwnPrinter,
  growth: Growth,
): Promise<void> => {
  let isNew = false
  while (!growth.isOver) {
    let isMore = false
    for (const side of ['client', 'server'] as const) {
      const bytes = await files[side].next()
      for (const event of bytes === null ? [] : session.push(side, bytes, isNew ? now() : null)) {
        await printer.event(0, event)
      }
      isMore ||= bytes !== null
    }
    if (!isMore) {
      isNew = true
      await growth.wait()
    }
  }
  for (const part of session.pending) {
    await printer.event(0, part)
  }
  await printer.open(0)
}
