import { isLeft } from 'fp-ts/lib/Either.js'
import { showIssue } from '../../combinators/issue.js'
import {
  ListingBuilder,
  type ListingNode,
  printListing,
  printListingNode,
} from '../../store/listing/index.js'
import { Failure } from '../failure.js'
import { write } from '../terminal.js'
import { visibleJson } from '../visible.js'
import { notThere } from './node-events.js'
import type { Piece } from './read.js'

/** Prints the listing of an archive as in a cache. */
export const printWhole = async (pieces: AsyncIterable<Piece>): Promise<void> =>
  write(visibleJson(printListing(await listingOf(pieces))))

/** Prints a node of an archive and its contents as one JSON value. */
export const printPart = async (
  pieces: AsyncIterable<Piece>,
  names: ReadonlyArray<string>,
): Promise<void> => {
  const node = nodeAt(await listingOf(pieces), names)
  await write(`${visibleJson(printListingNode(node))}\n`)
}

/** The listing of an archive, which is read to its end. */
const listingOf = async (pieces: AsyncIterable<Piece>): Promise<ListingNode> => {
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
