import { stat } from 'node:fs/promises'
import { codeOf } from '../sockets.js'
import { unreachable } from '../unreachable.js'

/** Whether two paths lead to one file, whatever their names. */
export const isSameFile = async (a: string, b: string): Promise<boolean> => {
  const [first, second] = await Promise.all([a, b].map((path) => stat(path).catch(() => null)))
  return first != null && second != null && first.dev === second.dev && first.ino === second.ino
}

/**
 * Why there can be no daemon at a path, as far as that is known without connecting; null if there may be one.
 */
export const missingAt = async (path: string): Promise<Error | null> => {
  try {
    return (await stat(path)).isSocket()
      ? null
      : told(Object.assign(new Error(path), { code: 'ENOTSOCK' }), path)
  } catch (error) {
    return codeOf(error) === 'EACCES' ? null : told(error as Error, path)
  }
}

/** A failure to connect, in words. */
export const told = (error: Error, path: string): Error =>
  new Error(unreachable(error, path).notes[0], { cause: error })
