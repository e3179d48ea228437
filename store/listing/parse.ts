import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { none, type Option, some } from 'fp-ts/lib/Option.js'
import { kindName } from '../../bytes/byte-array.js'
import { decodeEscaped, encodeEscaped, escapedBytes } from '../../bytes/escaped.js'
import { compareTexts } from '../../bytes/order.js'
import { entryNameRule, isEntryName, isLinkTarget, linkTargetRule } from '../../grammar/nar-names.js'
import { placed, type StoreTextIssue } from '../text-issue.js'
import { JsonReader, NotRead } from './json-reader.js'
import type { ListingNode } from './node.js'

/** As in archives: the root counts. */
const mostNodesDeep = 64

/**
 * Parses the listing of an archive, version 1, which a binary cache has beside its narinfo in the file `HASH.ls`.
 *
 * ```ts
 * import { parseListing, showStoreTextIssue } from 'nix-wire/store'
 * import { option as O } from 'fp-ts'
 *
 * parseListing('{"root":{"narOffset":96,"size":5,"type":"regular"},"version":1}')
 * // => { _tag: 'Right', right: { type: 'regular', size: 5, executable: false, narOffset: O.some(96) } }
 *
 * const broken = parseListing('{"root":{"entries":{"tea":{"type":"pot"}},"type":"directory"},"version":1}')
 * broken._tag === 'Left' && showStoreTextIssue(broken.left)
 * // => '1:35: root.entries.tea.type: expected "regular", "symlink" or "directory", got "\\"pot\\"}},\\"type\\":\\"director"…'
 * ```
 *
 * Members may be in any order, and unknown ones are ignored, as in Nix. Names need not be UTF-8: up to 2.8 Nix wrote
 * their bytes as they are.
 *
 * Issues: a text that is not JSON, or not that of a listing; a size that is not an integer from 0 to 2^53 − 1; a
 * duplicate member or entry; an invalid entry name; more than 63 directories above a node. Their path consists of the
 * members above the place. Source: the reference implementation.
 */
export const parseListing = (text: string | Uint8Array): Either<StoreTextIssue, ListingNode> =>
  parsed('parseListing', text, (json) => {
    const start = json.place
    const names = new Set<string>()
    let root: ListingNode | null = null
    json.object('a listing: an object', (name, at) => {
      expectNew(json, names, name, at)
      if (name === 'version') {
        const place = json.place
        if (json.integer('1 (the version)') !== 1) {
          json.refuse('1 (the version)', place)
        }
      } else if (name === 'root') {
        root = readNode(json, 0)
      } else {
        json.skip()
      }
    })
    return names.has('version')
      ? (root ?? json.refuse('a listing with a member "root"', start))
      : json.refuse('a listing with a member "version"', start)
  })

/**
 * Parses a node of a listing without a version, as `nix nar ls --json --recursive` and `nix store ls --json
 * --recursive` print it. The latter prints no offsets.
 *
 * Issues: those of {@link parseListing}.
 */
export const parseListingNode = (text: string | Uint8Array): Either<StoreTextIssue, ListingNode> =>
  parsed('parseListingNode', text, (json) => readNode(json, 0))

const parsed = (
  of: string,
  data: string | Uint8Array,
  read: (json: JsonReader) => ListingNode,
): Either<StoreTextIssue, ListingNode> => {
  if (typeof data !== 'string' && !(data instanceof Uint8Array)) {
    throw new TypeError(`the text of ${of} must be a string or bytes, not ${kindName(data)}`)
  }
  const json = new JsonReader(typeof data === 'string' ? data : decodeEscaped(data))
  try {
    const node = read(json)
    json.end()
    return right(node)
  } catch (error) {
    if (error instanceof NotRead) {
      return left(placed('Listing', typeof data === 'string' ? encodeEscaped(data) : data, error.issue))
    }
    throw error
  }
}

const types = ['directory', 'regular', 'symlink'] as const

interface Members {
  type?: (typeof types)[number]
  entries?: ReadonlyMap<string, ListingNode>
  size?: number
  executable?: boolean
  narOffset?: Option<number>
  target?: string
}

const readNode = (json: JsonReader, depth: number): ListingNode => {
  if (depth >= mostNodesDeep) {
    json.refuse(`at most ${mostNodesDeep - 1} directories above a node`)
  }
  const start = json.place
  const members: Members = {}
  const names = new Set<string>()
  json.object('a node: an object', (name, at) => {
    expectNew(json, names, name, at)
    readMember(json, members, name, depth)
  })
  const { type, entries, size, executable = false, narOffset = none, target } = members
  const needed = <A>(name: string, value: A | undefined): A =>
    value ?? json.refuse(`a node with a member "${name}"`, start)
  switch (needed('type', type)) {
    case 'directory':
      return { type: 'directory', entries: needed('entries', entries) }
    case 'regular':
      return { type: 'regular', size: needed('size', size), executable, narOffset }
    case 'symlink':
      return { type: 'symlink', target: needed('target', target) }
  }
}

const readMember = (json: JsonReader, members: Members, name: string, depth: number): void => {
  switch (name) {
    case 'type':
      members.type = readType(json)
      break
    case 'entries':
      members.entries = readEntries(json, depth)
      break
    case 'size':
      members.size = json.integer('a size in bytes')
      break
    case 'narOffset': {
      const offset = json.integer('a place in the archive')
      members.narOffset = offset === 0 ? none : some(offset)
      break
    }
    case 'executable':
      members.executable = json.boolean('true or false')
      break
    case 'target':
      members.target = readText(json, 'a target', linkTargetRule, isLinkTarget)
      break
    default:
      json.skip()
  }
}

const readType = (json: JsonReader): (typeof types)[number] => {
  const expected = '"regular", "symlink" or "directory"'
  const at = json.place
  const text = json.string(expected)
  return types.find((type) => type === text) ?? json.refuse(expected, at)
}

const readEntries = (json: JsonReader, depth: number): ReadonlyMap<string, ListingNode> => {
  const entries = new Map<string, ListingNode>()
  let last: string | null = null
  let isSorted = true
  json.object('entries: an object', (name, at) => {
    if (entries.has(name)) {
      json.refuse('each entry name once in its directory', at)
    }
    if (!isEntryName(name) || escapedBytes(name) === null) {
      json.refuse(entryNameRule, at)
    }
    isSorted &&= last === null || compareTexts(last, name) < 0
    last = name
    entries.set(name, readNode(json, depth + 1))
  })
  return isSorted ? entries : new Map([...entries].sort(([a], [b]) => compareTexts(a, b)))
}

const readText = (json: JsonReader, what: string, rule: string, holds: (text: string) => boolean): string => {
  const at = json.place
  const text = json.string(what)
  return holds(text) && escapedBytes(text) !== null ? text : json.refuse(rule, at)
}

const expectNew = (json: JsonReader, names: Set<string>, name: string, at: number): void => {
  if (names.has(name)) {
    json.refuse('each member once', at)
  }
  names.add(name)
}
