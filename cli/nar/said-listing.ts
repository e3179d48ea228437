import { isLeft } from 'fp-ts/lib/Either.js'
import { showIssue } from '../../combinators/issue.js'
import {
  ListingBuilder,
  type ListingNode,
  listingIssues,
  parseListing,
  parseListingNode,
} from '../../store/listing/index.js'
import { showStoreTextIssue } from '../../store/text-issue.js'
import type { NarEvent } from '../../stream/nar/events.js'
import { readUnpacked } from '../compression/unpacked.js'
import { Failure } from '../failure.js'
import { chunksOf } from '../files.js'
import { showName, showPath } from './show.js'

/** Compares a listing with the events of an archive. */
export interface SaidListing {
  readonly take: (event: NarEvent) => void
  /** Throws a {@link Failure} if they differ. */
  readonly compare: () => void
}

export const saidListing = async (file: string): Promise<SaidListing> => {
  const said = await readListing(file)
  const builder = new ListingBuilder()
  return { take: (event) => void builder.write(event), compare: () => expectSame(said, builder) }
}

// A listing is read into memory. This is about the size of one for a million files.
const mostBytes = 2 ** 28

/** Reads a file `HASH.ls`, or the output of `nix nar ls --json --recursive`. */
const readListing = async (file: string): Promise<ListingNode> => {
  const bytes = await readUnpacked(chunksOf(file), file, mostBytes)
  const listing = parseListing(bytes)
  const node = isLeft(listing) ? parseListingNode(bytes) : listing
  if (isLeft(node)) {
    // Report the one that came further.
    const issue = isLeft(listing) && listing.left.offset > node.left.offset ? listing.left : node.left
    throw new Failure(1, `${showName(file)} is not a listing: ${showStoreTextIssue(issue)}`)
  }
  return node.right
}

const mostShown = 20

const expectSame = (said: ListingNode, builder: ListingBuilder): void => {
  const found = builder.finish()
  if (isLeft(found)) {
    throw new Failure(1, showIssue(found.left))
  }
  const issues = listingIssues(said, found.right)
  if (issues.length > 0) {
    const lines = issues
      .slice(0, mostShown)
      .map(
        ({ path, expected, actual }) =>
          `  ${showPath(path.map(String))}: expected ${expected}, got ${actual}`,
      )
    const more = issues.length > mostShown ? [`  and ${issues.length - mostShown} more`] : []
    throw new Failure(1, ['the listing does not match the archive:', ...lines, ...more].join('\n'))
  }
}
