import {
  closeSync,
  fchmodSync,
  fchownSync,
  lstatSync,
  openSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'
import { type TreePath, treePathOf, treeTextOf } from '../stream/nar/tree-path.js'
import { cannotWrite } from './files.js'
import { removedAtEnd } from './leftovers.js'

/** The place of a file: where its name leads, and the file that is there now. */
interface Place {
  readonly path: TreePath
  readonly there: Stats | undefined
}

// Names of files that are already open: another program may write to them too.
const openAlready = /^\/(proc|dev\/fd)\/|^\/dev\/std(out|err)$/

/** Follows links, which are kept; the last one may lead to a missing file. */
const placeOf = (name: string): Place => {
  const path = treePathOf(name)
  const there = statSync(path, { throwIfNoEntry: false })
  if (there !== undefined) {
    const isMoved = there.isFile() && !openAlready.test(name)
    return { path: isMoved ? treePathOf(realpathSync(path, { encoding: 'buffer' })) : path, there }
  }
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() !== true) {
    return { path, there }
  }
  const target = treeTextOf(readlinkSync(path, { encoding: 'buffer' }))
  return placeOf(isAbsolute(target) ? target : join(dirname(name), target))
}

/** Gives an open file the owner and the mode of the file that it replaces. */
export const takeAfter = (fd: number, { mode, uid, gid }: Stats): void => {
  for (const take of [() => fchownSync(fd, uid, gid), () => fchmodSync(fd, mode & 0o777)]) {
    try {
      take()
    } catch {
      // Only root may change the owner, and not every file system has modes.
    }
  }
}

/**
 * Writes a temporary file, and moves it to its place when it is whole: after a failure or a signal the old file is
 * unchanged, and the temporary file removed. A pipe or a device is written to directly.
 *
 * @throws Failure if it cannot be written; the errors of `chunks`.
 */
export const writeOutput = async (name: string, chunks: AsyncIterable<Uint8Array>): Promise<void> => {
  const told = <A>(act: () => A): A => {
    try {
      return act()
    } catch (error) {
      throw cannotWrite(name, error)
    }
  }
  const { path, there } = told(() => placeOf(name))
  const isMoved = there === undefined || (there.isFile() && !openAlready.test(name))
  const written = isMoved
    ? treePathOf(join(dirname(treeTextOf(path)), `.nix-wire-${crypto.randomUUID()}`))
    : path
  // Others cannot read it before it has its mode.
  const fd = told(() => openSync(written, isMoved ? 'wx' : 'w', there === undefined ? 0o666 : 0o600))
  const remove = () => {
    if (isMoved) {
      rmSync(written, { force: true })
    }
  }
  // Opening a pipe waits for its reader. Nothing has to be removed then, so signals need not wait.
  const keep = isMoved ? removedAtEnd(remove) : () => {}
  try {
    try {
      if (isMoved && there !== undefined) {
        takeAfter(fd, there)
      }
      for await (const chunk of chunks) {
        told(() => writeAll(fd, chunk))
      }
    } finally {
      told(() => closeSync(fd))
    }
    if (isMoved) {
      told(() => renameSync(written, path))
    }
  } catch (error) {
    remove()
    throw error
  } finally {
    keep()
  }
}

const writeAll = (fd: number, bytes: Uint8Array): void => {
  for (let at = 0; at < bytes.length; ) {
    at += writeSync(fd, bytes, at)
  }
}

/** The same for a text. */
export const writeText = (name: string, text: string): Promise<void> => writeOutput(name, once(text))

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}
