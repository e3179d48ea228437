import { now } from '../../daemon/now.js'
import type { FlowSession } from '../../session/own/flow-session.js'
import type { OwnConversation } from '../../session/own/own-protocol.js'
import type { RecordedStep } from '../../session/recording/step.js'
import { showName } from '../nar/show.js'
import type { CaptureFollower } from '../session/capture-file.js'
import type { Growth } from '../session/growth.js'
import { type Pair, RecordedFile } from '../session/recorded-file.js'
import { nextSide } from '../session/steps.js'
import { type OwnPrinter, openSession } from './printer.js'

interface Shown {
  readonly session: FlowSession
  /** The number of sides that have ended; the end of the recording does not count. */
  ended: number
  /** Whether bytes are missing, so that the rest cannot be read. */
  isCut: boolean
}

/** Prints the connections of a file, whatever their protocol. */
export class OwnCapture implements CaptureFollower<Shown> {
  readonly what = 'connection'
  readonly #path: string
  readonly #conversation: OwnConversation
  readonly #printer: OwnPrinter

  constructor(path: string, conversation: OwnConversation, printer: OwnPrinter) {
    this.#path = path
    this.#conversation = conversation
    this.#printer = printer
  }

  open(): Shown {
    return { session: openSession(this.#conversation), ended: 0, isCut: false }
  }

  async take(connection: number, shown: Shown, step: RecordedStep): Promise<void> {
    if (shown.isCut || (step.kind === 'end' && step.how === 'stopped')) {
      return
    }
    const { side, at } = step
    if (step.kind === 'gap') {
      shown.isCut = true
      this.problem(`${showName(this.#path)}: bytes of the ${side} are missing`)
      return
    }
    shown.ended += step.kind === 'end' ? 1 : 0
    const { session } = shown
    for (const event of step.kind === 'bytes' ? session.push(side, step.bytes, at) : session.end(side, at)) {
      await this.#printer.event(connection, event)
    }
  }

  /** Prints an unfinished turn of a connection as far as it has come. */
  async close(connection: number, { session, ended, isCut }: Shown): Promise<void> {
    if (isCut || ended === 2) {
      return
    }
    for (const part of session.pending) {
      await this.#printer.event(connection, part)
    }
    await this.#printer.open(connection)
  }

  async quiet(): Promise<void> {}

  problem(text: string): void {
    this.#printer.problem(text)
  }
}

/** Prints a recording in two files, one for each side; with `growth`, also what is appended to them. */
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
