import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { codeOf } from './sockets.js'
import type { CommandTarget, Unstarted } from './transport-types.js'

const unstarted = (what: string, why: string, code: string, path: string): Unstarted => ({
  note: `cannot start ${what}: ${why} (${code})`,
  cause: Object.assign(new Error(`spawn ${path} ${code}`), { code, syscall: 'spawn', path }),
})

/** The system's reason why a file cannot be run; null if it can be. */
const refusalOf = async (path: string): Promise<'ENOENT' | 'EACCES' | null> => {
  try {
    const isFile = (await stat(path)).isFile()
    await access(path, constants.X_OK)
    return isFile ? null : 'EACCES'
  } catch (error) {
    return codeOf(error) === 'EACCES' ? 'EACCES' : 'ENOENT'
  }
}

/** The folders in which a shell looks for a program. */
const placesOf = (program: string, { env = process.env, cwd = '.' }: CommandTarget): ReadonlyArray<string> =>
  (program.includes('/') ? [''] : (env.PATH ?? '').split(':')).map((folder) => resolve(cwd, folder, program))

/** Why a shell could not start the command with this `title`; null if the program is not the reason. */
export const whyUnstarted = async (title: string, target: CommandTarget): Promise<Unstarted | null> => {
  const [program] = target.command
  const refusals = await Promise.all(placesOf(program, target).map(refusalOf))
  return refusals.includes(null)
    ? null
    : refusals.includes('EACCES')
      ? unstarted(title, 'this user may not execute it', 'EACCES', program)
      : unstarted(title, 'there is no such program', 'ENOENT', program)
}

/** Why even the shell was not started: it exists, so the reason is the folder, or Node's error. */
export const whyNoShell = async (title: string, cause: Error, { cwd }: CommandTarget): Promise<Unstarted> =>
  cwd === undefined || (await isFolder(cwd))
    ? { note: `cannot start ${title}: ${cause.message}`, cause }
    : unstarted(`${title} in ${cwd}`, 'there is no such folder', 'ENOENT', cwd)

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
