import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import type { Readable, Writable } from 'node:stream'
import type { RecordingFormat } from '../../daemon/proxy/options.js'
import { recordingsIn } from '../../daemon/proxy/recorder.js'
import { ConnectionRecorder } from '../../daemon/proxy/sinks.js'
import type { Side } from '../../session/events.js'
import { checkSessionOptions } from '../../session/options.js'
import type { Ending } from '../../session/recording/step.js'
import { treePathOf } from '../../stream/nar/tree-path.js'
import { Failure } from '../failure.js'
import { showName, showReason } from '../nar/show.js'
import { onEndSignal } from '../signalled.js'
import { say, standardStreams } from '../terminal.js'
import { LiveProgram } from './live-program.js'
import { type ViewGiven, viewOptions } from './view-options.js'

interface Viewer {
  take(side: Side, bytes: Uint8Array): void
  /** A side has ended. */
  end(side: Side, how: Ending): void
}

export interface ProgramOptions extends ViewGiven {
  readonly record?: string
  readonly format: RecordingFormat
  readonly live?: true
  /** Prints what passes, if `live`; if it is not given, a printer of the daemon's and the serve protocol. */
  readonly viewer?: Viewer
}

/**
 * Runs a command, forwards standard input to it and its output back, and records or prints the conversation. It ends
 * with the command, or at a signal, which is also sent to the command.
 */
export const passProgram = async (command: string, options: ProgramOptions): Promise<void> => {
  const recorder = await recorderOf(options)
  const live = options.live === true ? (options.viewer ?? new LiveProgram(options)) : null
  const { readable, writable } = standardStreams()
  const child = spawn('/bin/sh', ['-c', command], { stdio: ['pipe', 'pipe', 'inherit'] })
  let isStopped = false
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve(code))
  })
  const unwatch = onEndSignal((signal) => {
    isStopped = true
    child.kill(signal)
    child.stdin.destroy()
    child.stdout.destroy()
  })
  const open = new Set<Side>(['client', 'server'])
  const over = (side: Side, how: Ending): void => {
    if (open.delete(side)) {
      recorder.end(side, how)
      live?.end(side, how)
    }
  }
  const says = (side: Side) => (bytes: Uint8Array) => {
    recorder.sides[side].write(bytes)
    live?.take(side, bytes)
  }
  const answers = pass(child.stdout, writable, says('server'))
  void pass(readable, child.stdin, says('client')).then(() => {
    if (!isStopped) {
      over('client', 'closed')
    }
    child.stdin.end()
  })
  const [code] = await Promise.all([ended, answers]).finally(unwatch)
  over('server', isStopped ? 'stopped' : isKilled(code) ? 'brokeOff' : 'closed')
  // The client has ended, so no more is sent to it.
  over('client', isStopped ? 'stopped' : 'closed')
  readable.destroy()
  await Promise.all([recorder.sides.client.close(), recorder.sides.server.close()])
  if (recorder.files.length > 0) {
    say(`recorded: ${recorder.files.map(showName).join(' ')}`)
  }
  if (code !== 0 && !isStopped) {
    throw new Failure(
      1,
      code === null ? 'the command was ended by a signal' : `the command's exit code: ${code}`,
    )
  }
}

/**
 * Whether an exit code means a signal: a shell ends with 128 and the number of the signal that ended its program.
 */
const isKilled = (code: number | null): boolean => code === null || code > 128

const recorderOf = async ({ record, format, storeDir }: ProgramOptions): Promise<ConnectionRecorder> => {
  const fails = (error: Error): void => say(showReason(error))
  if (record === undefined) {
    return new ConnectionRecorder({ name: 'program', pcapng: null, bin: null }, fails)
  }
  try {
    checkSessionOptions(viewOptions({ storeDir }))
    await mkdir(treePathOf(record), { recursive: true, mode: 0o700 })
    return new ConnectionRecorder(
      { ...recordingsIn(record, format)(), ...(storeDir === undefined ? {} : { storeDir }) },
      fails,
    )
  } catch (error) {
    throw new Failure(2, showReason(error))
  }
}

/** Forwards one direction to its end; it reads no faster than the other side. */
const pass = async (from: Readable, to: Writable, watch: (bytes: Uint8Array) => void): Promise<void> => {
  // It has closed, so the rest has no receiver.
  to.on('error', () => undefined)
  try {
    for await (const chunk of from) {
      watch(chunk)
      if (!to.write(chunk) && to.writable) {
        await Promise.race([once(to, 'drain'), once(to, 'close')])
      }
    }
  } catch {
    // The stream broke off.
  }
}
