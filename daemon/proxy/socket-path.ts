import { lstat, unlink } from 'node:fs/promises'
import { connect, type Server } from 'node:net'

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined

/** Listens on a path. A socket that nobody listens on any more is replaced. */
export const listenAt = async (server: Server, path: string): Promise<void> => {
  try {
    await listenOnce(server, path)
  } catch (error) {
    if (codeOf(error) !== 'EADDRINUSE' || !(await isLeftOver(path))) {
      throw error
    }
    await unlink(path)
    await listenOnce(server, path)
  }
}

const listenOnce = (server: Server, path: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, () => {
      server.removeListener('error', reject)
      resolve()
    })
  })

/** Whether a path is a socket that nobody listens on. Any other file refuses a connection too. */
const isLeftOver = async (path: string): Promise<boolean> => (await lstat(path)).isSocket() && isRefused(path)

const isRefused = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(path)
    socket.once('connect', () => {
      socket.destroy()
      resolve(false)
    })
    socket.once('error', (error) => resolve(codeOf(error) === 'ECONNREFUSED'))
  })
