import { isLeft } from 'fp-ts/lib/Either.js'
import { showIssue } from '../../combinators/issue.js'
import {
  ListingBuilder,
  type ListingNode,
  printListing,
  printListingNode,
} from '../../store/listing/index.js'
import { colours } from '../colours.js'
import { Failure } from '../failure.js'
import { write } from '../terminal.js'
import { jsonText, visibleJson } from '../visible.js'
import { chunksWithProgress } from './input.js'
import { nodeEvents, notThere } from './node-events.js'
import { type NodeInfo, NodeTracker } from './nodes.js'
import { type Piece, piecesOf } from './read.js'
import { namesOf, pathOf, showName, showPath, unquoted } from './show.js'

/** How a listing is printed: for people unless one of these is set. */
export interface ListOptions {
  readonly json?: true
  readonly jsonLines?: true
  readonly listing?: true
}

export const ls = (file: string, path: string, options: ListOptions): Promise<void> =>
  list(chunksWithProgress(file, 'reading'), namesOf(unquoted(path)), options)

/** Prints what a node of an archive holds; the archive itself without names. */
export const list = async (
  chunks: AsyncIterable<Uint8Array>,
  names: ReadonlyArray<string>,
  { json, jsonLines, listing }: ListOptions,
): Promise<void> => {
  const pieces = piecesOf(chunks)
  if (listing === true) {
    if (names.length > 0) {
      throw new Failure(2, `--listing is of a whole archive, and ${showPath(names)} is a part of one`)
    }
    await write(visibleJson(printListing(await listingOfPieces(pieces))))
  } else if (json === true) {
    const node = nodeAt(await listingOfPieces(pieces), names)
    await write(`${visibleJson(printListingNode(node))}\n`)
  } else {
    await printNodes(pieces, names, jsonLines === true ? jsonLine : line)
  }
}

/** The listing of an archive, all of which is read. */
export const listingOfPieces = async (pieces: AsyncIterable<Piece>): Promise<ListingNode> => {
  const builder = new ListingBuilder()
  for await (const { events } of pieces) {
    for (const event of events) {
      builder.write(event)
    }
  }
  const listing = builder.finish()
  if (isLeft(listing)) {
    throw new Failure(1, showIssue(listing.left))
  }
  return listing.right
}

const nodeAt = (root: ListingNode, names: ReadonlyArray<string>): ListingNode => {
  let node = root
  for (const [depth, name] of names.entries()) {
    const next = node.type === 'directory' ? node.entries.get(name) : undefined
    if (next === undefined) {
      throw notThere(names, { ...node, names: names.slice(0, depth) })
    }
    node = next
  }
  return node
}

const printNodes = async (
  pieces: AsyncIterable<Piece>,
  names: ReadonlyArray<string>,
  show: (node: NodeInfo) => string,
): Promise<void> => {
  const tracker = new NodeTracker()
  for await (const events of nodeEvents(pieces, names)) {
    const lines = events.flatMap((event) => {
      const node = tracker.next(event)
      return node === null ? [] : [show(node)]
    })
    if (lines.length > 0) {
      await write(`${lines.join('\n')}\n`)
    }
  }
}

const jsonLine = ({ names, ...rest }: NodeInfo): string => jsonText({ path: pathOf(names), ...rest })

const line = ({ names, type, size = 0, executable, target }: NodeInfo): string => {
  const path = showPath(names)
  switch (type) {
    case 'directory':
      return row('dr-xr-xr-x', size, colours.blue(path))
    case 'symlink':
      return row('lrwxrwxrwx', size, `${colours.cyan(path)} -> ${showName(target ?? '')}`)
    case 'regular':
      return executable === true
        ? row('-r-xr-xr-x', size, colours.green(path))
        : row('-r--r--r--', size, path)
  }
}

const row = (mode: string, size: number, path: string): string =>
  `${mode} ${String(size).padStart(14)} ${path}`
