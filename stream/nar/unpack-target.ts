import { lstatSync } from 'node:fs'
import { isAbsolute, sep } from 'node:path'
import { TreeFailure } from './tree-failure.js'
import { type TreePath, treePathOf, treeTextOf } from './tree-path.js'

const slashes = sep === '/' ? /\/+$/ : /[/\\]+$/
const lastName = sep === '/' ? /[^/]*$/ : /[^/\\:]*$/

/** The path at which an archive is unpacked. */
export class UnpackTarget {
  readonly path: TreePath
  /** The directory it is in. */
  readonly directory: TreePath
  /** Its last part, as those of events. */
  readonly name: string
  /** Only a directory can be made at a path that ends with a slash. */
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

/** The same path, wherever the process goes meanwhile. The kernel follows `..`, so that nothing is cut off here. */
const fromHere = (path: string): string => {
  const here = process.cwd()
  // Node knows the names above only where they are UTF-8.
  return isAbsolute(path) || here.includes('\ufffd') ? path : `${here}${sep}${path}`
}
