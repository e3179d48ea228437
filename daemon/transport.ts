import { type ChildProcess, spawn } from 'node:child_process'
import { connect as connectSocket, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Sink } from '../stream/sink.js'
import { chunksOf, type Source } from '../stream/source.js'

/** A program that speaks the protocol on its standard input and output, such as `nix-daemon --stdio`. */
export interface CommandTarget {
  readonly command: readonly [program: string, ...args: ReadonlyArray<string>]
  readonly env?: NodeJS.ProcessEnv
  readonly cwd?: string
}

/** Two streams, one for each direction. */
export interface StreamPair {
  readonly readable: Source
  readonly writable: Sink
}

/** Where a daemon is: the path of its socket, a program, or a stream that leads to it. */
export type Target = string | CommandTarget | Duplex | StreamPair

/** What carries the bytes of a connection. */
export interface Transport {
  readonly source: Source
  readonly sink: Sink
  /** Lets go of everything at once, and resolves when it is gone. May be called again. */
  readonly close: () => Promise<void>
  /** What the other side said beside the protocol, as far as it is known. */
  readonly aside: () => string
}

const nothing = (): string => ''

/** @internal Where a socket cannot be reached, that shows when something is read or written. */
export const openTransport = async (target: Target, signal: AbortSignal): Promise<Transport> => {
  if (typeof target === 'string') {
    return duplexTransport(await openSocket(target, signal))
  }
  if ('command' in target) {
    return commandTransport(target)
  }
  return streamTransport(target)
}

/**
 * A daemon lets only a few clients stand at its door (five, as Nix has it): a system that does not wait for it says
 * EAGAIN to the others, who come again.
 */
const openSocket = async (path: string, signal: AbortSignal): Promise<Socket> => {
  for (;;) {
    const socket = connectSocket(path)
    const code = await new Promise<unknown>((resolve) => {
      socket.once('connect', () => resolve(undefined))
      socket.once('error', (error) => resolve('code' in error ? error.code : error))
    })
    if (code !== 'EAGAIN' || signal.aborted) {
      return socket
    }
    await sleep(5)
  }
}

/** @internal */
export const streamTransport = (given: Duplex | StreamPair): Transport =>
  'readable' in given && typeof given.readable === 'object'
    ? pairTransport(given as StreamPair)
    : duplexTransport(given as Duplex)

const duplexTransport = (duplex: Duplex): Transport => ({
  source: duplex,
  sink: duplex,
  close: async () => {
    if (!duplex.closed) {
      const closed = new Promise<void>((resolve) => duplex.once('close', () => resolve()))
      // Some streams tell the other side of an end, but not of a destruction.
      duplex.end()
      setImmediate(() => duplex.destroy())
      await closed
    }
  },
  aside: nothing,
})

const pairTransport = ({ readable, writable }: StreamPair): Transport => {
  const source = chunksOf(readable)
  return {
    source,
    sink: writable,
    close: async () => {
      source.cancel(new Error('the connection was closed'))
      if ('destroy' in writable && typeof writable.destroy === 'function') {
        const destroy = writable.destroy.bind(writable)
        // Some streams tell the other side of an end, but not of a destruction.
        if ('end' in writable && typeof writable.end === 'function') {
          writable.end()
        }
        setImmediate(() => destroy())
      }
    },
    aside: nothing,
  }
}

// How long a program may take to end by itself, and then to obey a signal.
const patience = 1000
const keptAside = 4096

// Node gives a child sockets for its streams; `nix-daemon --stdio` splices, which works with pipes only. The shell keeps
// no stream of its own, so that the end of the program is the end of its output.
const throughPipes = ['-c', 'exec 3<&0; cat <&3 | "$@" 3<&- | cat 3<&- & exec <&- >&- 3<&-; wait', 'sh']

const commandTransport = ({ command, env, cwd }: CommandTarget): Transport => {
  const child = spawn('/bin/sh', [...throughPipes, ...command], {
    stdio: ['pipe', 'pipe', 'pipe'],
    // A group of its own, so that all of it can be ended.
    detached: true,
    ...(env === undefined ? {} : { env }),
    ...(cwd === undefined ? {} : { cwd }),
  })
  let aside = ''
  child.stderr.on('data', (chunk: Buffer) => {
    aside = `${aside}${chunk}`.slice(-keptAside)
  })
  const ended = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      aside += error.message
      resolve()
    })
    child.once('close', () => resolve())
  })
  let closing: Promise<void> | null = null
  return {
    source: child.stdout,
    sink: child.stdin,
    close: () => {
      child.stdin.destroy()
      child.stdout.destroy()
      closing ??= endOf(child, ended)
      return closing
    },
    aside: () => aside.trim(),
  }
}

/** A program ends when its input does; one that does not is ended. */
const endOf = async ({ pid }: ChildProcess, ended: Promise<void>): Promise<void> => {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    const waiting = new AbortController()
    const late = sleep(patience, true, { signal: waiting.signal }).catch(() => false)
    const hangs = await Promise.race([ended.then(() => false), late])
    waiting.abort()
    if (!hangs || pid === undefined) {
      return
    }
    signalGroup(pid, signal)
  }
  await ended
}

const signalGroup = (pid: number, signal: 'SIGTERM' | 'SIGKILL'): void => {
  try {
    process.kill(-pid, signal)
  } catch {
    // All of it has ended.
  }
}
