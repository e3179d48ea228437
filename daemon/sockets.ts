import { chmodSync } from 'node:fs'
import { lstat, unlink } from 'node:fs/promises'
import { connect, type Server, Socket } from 'node:net'
import { basename, dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isMainThread } from 'node:worker_threads'
import { canHold, type HeldPath, holdDirectory, holdPath } from '../stream/held-path.js'

/** As many bytes as the address of a socket has room for; Node cuts off what is longer. */
const longest = process.platform === 'linux' ? 107 : 103

const refusedLength = (path: string, length: number, most: number): Error =>
  Object.assign(
    new Error(`the path of a socket can have at most ${most} bytes here, but this has ${length}: ${path}`),
    { code: 'ENAMETOOLONG' },
  )

/** Makes a long path short: a link to the open file, or to the folder with the name of the file behind it. */
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

/** Connects to the socket at a path of any length. What fails is an event. */
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

// How long a client that was turned away waits, in milliseconds: at first, and in the end.
const firstPause = 5
const longestPause = 100

/**
 * The same, and when it has connected. A daemon lets only a few clients stand at its door (five, as Nix has it): a system
 * that does not wait for it says EAGAIN to the others, who come again until `signal` ends that.
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
    // Those who came together come again one after another.
    await sleep(pause * (0.5 + Math.random()), undefined, { signal }).catch(() => undefined)
  }
}

export const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined

/** The mode of sockets and recordings, unless it is said otherwise. */
export const ownerOnly = 0o600

/** @throws RangeError for what cannot be a number of connections, or who may connect. */
export const checkListening = (maxConnections: number, mode: number): void => {
  if (!(maxConnections >= 1)) {
    throw new RangeError(`not a number of connections: ${maxConnections}`)
  }
  if (!(Number.isInteger(mode) && mode >= 0 && mode <= 0o777)) {
    throw new RangeError(`not the mode of a socket: ${mode}`)
  }
}

// How many clients may stand at the door. The system has a limit of its own: net.core.somaxconn, 4096 on Linux.
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
  // The file is removed by the path that it was made with.
  server.once('close', release)
}

/** Node names the path that it was given. */
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
 * A socket takes its mode from the umask when it is bound, and can be connected to at once: a mode that is set later
 * comes too late. Only in a worker thread, where Node sets no umask, there is no other way.
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

/** Whether a path is a dead socket: no process listens on it. Any other file refuses a connection too. */
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
