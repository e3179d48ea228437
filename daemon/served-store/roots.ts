import { lstatSync, readlinkSync, renameSync, symlinkSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import { decodeEscaped } from '../../bytes/escaped.js'
import { treePathOf } from '../../stream/nar/tree-path.js'
import { BaseStorePath, type StorePath, storePathIn } from '../../types/index.js'
import { RemoteError } from '../failure.js'
import { codeOf } from '../sockets.js'
import type { Store } from './store.js'

/** A link that keeps a path. */
export interface LinkedPath {
  readonly link: string
  readonly path: StorePath
}

/** The longest path of a system, in bytes. */
const longestLink = 4096

/** @throws RemoteError for an invalid file path of a link. */
export const expectLink = (link: string): void => {
  if (!isAbsolute(link) || link.length > longestLink || link.includes('\0')) {
    throw new RemoteError('a root must be the absolute path of a link')
  }
}

/**
 * The path that a link keeps: its target, or the store path around that. Null: none; undefined: there is no link.
 */
const keptBy = (link: string, storeDir: string): StorePath | null | undefined => {
  try {
    const target = decodeEscaped(readlinkSync(treePathOf(link), { encoding: 'buffer' }))
    const base = target.startsWith(`${storeDir}/`) ? target.slice(storeDir.length + 1).split('/', 1)[0] : ''
    return BaseStorePath.is(base) ? storePathIn(storeDir, base) : null
  } catch (error) {
    return ['ENOENT', 'ENOTDIR'].includes(String(codeOf(error))) ? undefined : null
  }
}

/** The links that keep a path. */
export const linkedPaths = async ({ roots, storeDir }: Store): Promise<ReadonlyArray<LinkedPath>> =>
  (await roots.all()).flatMap((link) => {
    const path = keptBy(link, storeDir)
    return path == null ? [] : [{ link, path }]
  })

/** Forgets links that no longer exist. */
export const forgetStale = async ({ roots, storeDir }: Store): Promise<void> => {
  for (const link of await roots.all()) {
    if (keptBy(link, storeDir) === undefined) {
      await roots.remove(link)
    }
  }
}

/**
 * Makes a link to a path, replacing one that also leads into the store.
 *
 * @throws RemoteError if something else is there; Node's errors.
 */
export const makeLink = (link: string, path: StorePath, storeDir: string): void => {
  const place = treePathOf(link)
  const there = lstatSync(place, { throwIfNoEntry: false })
  if (there !== undefined && keptBy(link, storeDir) == null) {
    throw new RemoteError(`cannot make a link at ${link}: another file is there`)
  }
  if (there === undefined) {
    symlinkSync(path, place)
    return
  }
  const next = Buffer.concat([Buffer.from(place), Buffer.from(`.${crypto.randomUUID()}`)])
  symlinkSync(path, next)
  renameSync(next, place)
}
