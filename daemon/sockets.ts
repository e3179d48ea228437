import { chmodSync } from 'node:fs'
import { lstat, unlink } from 'node:fs/promises'
import { connect, type Server, Socket } from 'node:net'
import { basename, dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isMainThread } from 'node:worker_threads'
import { canHold, type HeldPath, holdDirectory, holdPath } from '../stream/held-path.js'

/** The longest address of a socket in bytes; Node cuts off longer ones. */
const longest = process.platform === 'linux' ? 107 : 103

const refusedLength = (path: string, length: number, most: number): Error =>
  Object.assign(
    new Error(`the path of a socket can have at most ${most} bytes here, but this has ${length}: ${path}`),
    { code: 'ENAMETOOLONG' },
  )

/** Makes a long path short: a link to the open file, or to the folder followed by the name of the file. */
const handleOf = (path: string, way: 'connect' | 'listen'): HeldPath<string> => {
  const length = Buffer.byteLength(path)
  if (length <= longest) {
    return { path, release: () => undefined }
  }
  if (!canHold()) {
    throw refusedLength(path, length, longest)
  }
  const [held, rest] =
    way === 'connect' ? [holdPath(path), ''] : [holdDirectory(dirname(path)), `/${basename(path)}`]
  const short = `${held.path}${rest}`
  if (Buffer.byteLength(short) > longest) {
    held.release()
    const room = longest - Buffer.byteLength(short) + Buffer.byteLength(rest) - 1
    throw refusedLength(path, length, Buffer.byteLength(dirname(path)) + 1 + room)
  }
  return { path: short, release: held.release }
}

/** Connects to the socket at a path of any length. A failure is an event. */
export const connectPath = (path: string, options: { readonly allowHalfOpen?: boolean } = {}): Socket => {
  let handle: HeldPath<string>
  try {
    handle = handleOf(path, 'connect')
  } catch (error) {
    return new Socket().destroy(Object.assign(error as Error, { syscall: 'connect' }))
  }
  const socket = connect({ path: handle.path, ...options })
  let isOpen = true
  const release = (): void => {
    if (isOpen) {
      isOpen = false
      handle.release()
    }
  }
  return socket.once('connect', release).once('close', release)
}

// The first and the longest wait of a rejected client, in milliseconds.
const firstPause = 5
const longestPause = 100

/**
 * The same, resolving after it has connected. A daemon has a short queue of waiting clients (five in Nix): a system
 * that does not wait reports EAGAIN to the others, which try again until `signal` aborts.
 */
export const connectedTo = async (
  path: string,
  signal: AbortSignal,
  options: { readonly allowHalfOpen?: boolean } = {},
): Promise<Socket | Error> => {
  for (let pause = firstPause; ; pause = Math.min(2 * pause, longestPause)) {
    const socket = connectPath(path, options)
    const error = await new Promise<Error | null>((resolve) => {
      socket.once('connect', () => {
        socket.removeListener('error', resolve)
        resolve(null)
      })
      socket.once('error', resolve)
    })
    if (error === null) {
      return socket
    }
    if (codeOf(error) !== 'EAGAIN' || signal.aborted) {
      return error
    }
    // Random, so that clients that came together do not come back together.
    await sleep(pause * (0.5 + Math.random()), undefined, { signal }).catch(() => undefined)
  }
}

export const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined

/** The default mode of sockets and recordings. */
export const ownerOnly = 0o600

/** @throws RangeError for an invalid number of connections, or mode. */
export const checkListening = (maxConnections: number, mode: number): void => {
  if (!(maxConnections >= 1)) {
    throw new RangeError(`not a number of connections: ${maxConnections}`)
  }
  if (!(Number.isInteger(mode) && mode >= 0 && mode <= 0o777)) {
    throw new RangeError(`not the mode of a socket: ${mode}`)
  }
}

// The length of the queue of waiting clients. The system has its own limit: net.core.somaxconn, 4096 on Linux.
const backlog = 4096

/** Listens on a path of any length. A dead socket is replaced. `mode` says who may connect. */
export const listenAt = async (server: Server, path: string, mode: number = ownerOnly): Promise<void> => {
  const { path: short, release } = handleOf(path, 'listen')
  try {
    await listenOnce(server, short, mode).catch(async (error: unknown) => {
      if (codeOf(error) !== 'EADDRINUSE' || !(await isLeftOver(path))) {
        throw error
      }
      await unlink(path)
      await listenOnce(server, short, mode)
    })
  } catch (error) {
    release()
    throw withPath(error, path)
  }
  // The file is removed by the path with which it was made.
  server.once('close', release)
}

/** Errors of Node name the short path; this puts the given one in. */
const withPath = (error: unknown, path: string): unknown =>
  error instanceof Error && 'address' in error && error.address !== path
    ? Object.assign(error, {
        message: error.message.replace(String(error.address), () => path),
        address: path,
      })
    : error

const listenOnce = (server: Server, path: string, mode: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    bindWith(mode, path, () => {
      server.listen(path, backlog, () => {
        server.removeListener('error', reject)
        resolve()
      })
      return server.listening
    })
  })

/**
 * A socket gets its mode from the umask when it is bound, and can be connected to at once, so setting the mode later is
 * too late. Only in a worker thread, in which Node sets no umask, there is no other way.
 */
const bindWith = (mode: number, path: string, bind: () => boolean): void => {
  if (!isMainThread) {
    if (bind()) {
      chmodSync(path, mode)
    }
    return
  }
  const before = process.umask(0o777 & ~mode)
  try {
    bind()
  } finally {
    process.umask(before)
  }
}

/** Whether a path is a dead socket, on which no process listens. Other files refuse a connection too. */
const isLeftOver = async (path: string): Promise<boolean> => (await lstat(path)).isSocket() && isRefused(path)

const isRefused = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connectPath(path)
    socket.once('connect', () => {
      socket.destroy()
      resolve(false)
    })
    socket.once('error', (error) => resolve(codeOf(error) === 'ECONNREFUSED'))
  })
