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
import { readUnpacked } from '../compression/unpacked.js'
import { Failure } from '../failure.js'
import { chunksOf } from '../files.js'
import { write } from '../terminal.js'
import { chunksWithProgress } from './input.js'
import { piecesOf } from './read.js'
import { showName, showPath } from './show.js'

export interface VerifyOptions {
  readonly listing?: string
}

export const verify = async (file: string, { listing }: VerifyOptions): Promise<void> => {
  const said = listing === undefined ? null : await readListing(listing)
  const builder = new ListingBuilder()
  const count = { regular: 0, symlink: 0, directory: 0 }
  let size = 0
  for await (const { bytes, events } of piecesOf(chunksWithProgress(file, 'verifying'))) {
    size += bytes.length
    for (const event of events) {
      const { _tag } = event
      if (_tag === 'regular' || _tag === 'symlink' || _tag === 'directory') {
        count[_tag]++
      }
      if (said !== null) {
        builder.write(event)
      }
    }
  }
  const { regular, symlink, directory } = count
  await write(
    `valid: ${size} bytes, files: ${regular}, symbolic links: ${symlink}, directories: ${directory}\n`,
  )
  if (said !== null) {
    compare(said, builder)
    await write('the listing is that of the archive\n')
  }
}

// A listing is read as a whole. That of a store path with a million files has about this size.
const mostBytes = 2 ** 28

/** A file `HASH.ls`, or what `nix nar ls --json --recursive` prints. */
const readListing = async (file: string): Promise<ListingNode> => {
  const bytes = await readUnpacked(chunksOf(file), file, mostBytes)
  const listing = parseListing(bytes)
  const node = isLeft(listing) ? parseListingNode(bytes) : listing
  if (isLeft(node)) {
    // Both say where they came no further.
    const issue = isLeft(listing) && listing.left.offset > node.left.offset ? listing.left : node.left
    throw new Failure(1, `${showName(file)} is no listing: ${showStoreTextIssue(issue)}`)
  }
  return node.right
}

const mostShown = 20

const compare = (said: ListingNode, builder: ListingBuilder): void => {
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
    throw new Failure(1, ['the listing is not that of the archive:', ...lines, ...more].join('\n'))
  }
}
