import { lstatSync } from 'node:fs'
import { isAbsolute, sep } from 'node:path'
import { TreeFailure } from './tree-failure.js'
import { type TreePath, treePathOf, treeTextOf } from './tree-path.js'

const slashes = sep === '/' ? /\/+$/ : /[/\\]+$/
const lastName = sep === '/' ? /[^/]*$/ : /[^/\\:]*$/

/** The path at which an archive is unpacked. */
export class UnpackTarget {
  readonly path: TreePath
  /** The directory that contains it. */
  readonly directory: TreePath
  /** Its last part, in the form of event names. */
  readonly name: string
  /** A path that ends with a slash must become a directory. */
  readonly forDirectory: boolean

  /** @throws TreeFailure for a path that exists or has no last name to make. */
  constructor(given: string | Uint8Array) {
    const text = treeTextOf(given)
    const absolute = fromHere(text)
    const bare = absolute.replace(slashes, '')
    this.path = treePathOf(bare)
    this.directory = treePathOf(bare.replace(lastName, '') || '.')
    this.forDirectory = bare !== absolute
    this.name = text === '' ? '' : (lastName.exec(bare)?.[0] ?? '')
    if (this.name !== '') {
      this.refuseExisting(this.path)
    }
    if (['', '.', '..'].includes(this.name)) {
      throw new TreeFailure(text, 'not a path to unpack to: its last part must be a name')
    }
  }

  /** `place` is the path by any name. */
  refuseExisting(place: TreePath): void {
    if (lstatSync(place, { throwIfNoEntry: false }) !== undefined) {
      throw this.existing()
    }
  }

  existing(): TreeFailure {
    return new TreeFailure(this.path, 'exists already; nothing is overwritten')
  }
}

/**
 * The same path, independent of later changes of the working directory. The kernel resolves `..`, so nothing is
 * shortened here.
 */
const fromHere = (path: string): string => {
  const here = process.cwd()
  // Node knows the working directory only if it is UTF-8.
  return isAbsolute(path) || here.includes('\ufffd') ? path : `${here}${sep}${path}`
}
