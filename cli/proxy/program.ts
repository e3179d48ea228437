import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import type { Readable, Writable } from 'node:stream'
import { type RecordingFormat, recordingsIn } from '../../daemon/proxy/recorder.js'
import { ConnectionRecorder } from '../../daemon/proxy/sinks.js'
import type { OperationTable } from '../../grammar/operations/table.js'
import type { Side } from '../../session/events.js'
import { treePathOf } from '../../stream/nar/tree-path.js'
import { Failure } from '../failure.js'
import { showName, showReason } from '../nar/show.js'
import { say, standardStreams } from '../terminal.js'
import { LiveProgram } from './live-program.js'

interface Viewer {
  take(side: Side, bytes: Uint8Array | null): void
}

export interface ProgramOptions {
  readonly record?: string
  readonly format: RecordingFormat
  readonly live?: true
  readonly storeDir?: string
  /** Those of the daemon, if they are not the usual ones. */
  readonly operations?: OperationTable
  /** Prints what passes, if `live`; if it is not given, a printer of the daemon's and the serve protocol. */
  readonly viewer?: Viewer
}

/**
 * Runs a command, passes on what comes on standard input and what it answers, and records or prints what is said. It ends when
 * the command does.
 */
export const passProgram = async (command: string, options: ProgramOptions): Promise<void> => {
  const recorder = await recorderOf(options)
  const live =
    options.live === true ? (options.viewer ?? new LiveProgram(options.storeDir, options.operations)) : null
  const { readable, writable } = standardStreams()
  const child = spawn('/bin/sh', ['-c', command], { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve(code))
  })
  const watch = (side: Side) => (bytes: Uint8Array | null) => {
    if (bytes === null) {
      recorder.end(side, 'closed')
    } else {
      recorder.sides[side].write(bytes)
    }
    live?.take(side, bytes)
  }
  const answers = pass(child.stdout, writable, watch('server'))
  void pass(readable, child.stdin, watch('client')).then(() => child.stdin.end())
  const [code] = await Promise.all([ended, answers])
  // Nobody is left to hear more.
  readable.destroy()
  await Promise.all([recorder.sides.client.close(), recorder.sides.server.close()])
  if (recorder.files.length > 0) {
    say(`recorded: ${recorder.files.map(showName).join(' ')}`)
  }
  if (code !== 0) {
    throw new Failure(
      1,
      code === null ? 'the command was ended by a signal' : `the command's exit code: ${code}`,
    )
  }
}

const recorderOf = async ({ record, format }: ProgramOptions): Promise<ConnectionRecorder> => {
  const fails = (error: Error): void => say(showReason(error))
  if (record === undefined) {
    return new ConnectionRecorder({ name: 'program', pcapng: null, bin: null }, fails)
  }
  try {
    await mkdir(treePathOf(record), { recursive: true, mode: 0o700 })
    return new ConnectionRecorder(recordingsIn(record, format)(), fails)
  } catch (error) {
    throw new Failure(2, showReason(error))
  }
}

/** Passes on one direction up to its end; nothing is read that the other side does not take. */
const pass = async (
  from: Readable,
  to: Writable,
  watch: (bytes: Uint8Array | null) => void,
): Promise<void> => {
  // It has closed, and what comes is for nobody.
  to.on('error', () => undefined)
  try {
    for await (const chunk of from) {
      watch(chunk)
      if (!to.write(chunk) && to.writable) {
        await Promise.race([once(to, 'drain'), once(to, 'close')])
      }
    }
  } catch {
    // It broke off.
  }
  watch(null)
}
