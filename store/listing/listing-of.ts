import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { Issue } from '../../combinators/issue.js'
import { checkOptions } from '../../combinators/options.js'
import { catchIssue, rightOrThrow } from '../../stream/issue-error.js'
import type { NarEvent } from '../../stream/nar/events.js'
import { expectIterable } from '../../stream/source.js'
import { ListingBuilder, type ListingOptions, listingOptions } from './builder.js'
import type { ListingNode } from './node.js'

/**
 * The listing of an archive, made from its events: those of `narEvents`, of `treeEvents`, or your own.
 *
 * ```ts
 * import { listingOf, printListing } from 'nix-wire/store'
 * import { narBytes, narEvents } from 'nix-wire/stream'
 * import { either as E } from 'fp-ts'
 *
 * const archive = narBytes([{ _tag: 'symlink', target: 'tea' }])
 * E.map(printListing)(await listingOf(narEvents(archive))())
 * // => { _tag: 'Right', right: '{"root":{"target":"tea","type":"symlink"},"version":1}' }
 * ```
 *
 * Issues: those of `ListingBuilder`, and those that the events throw.
 */
export const listingOf = (
  events: AsyncIterable<NarEvent> | Iterable<NarEvent>,
  options: ListingOptions = {},
): TaskEither<Issue, ListingNode> => {
  checkOptions('listingOf', listingOptions, options)
  expectIterable('the events of listingOf', events)
  return catchIssue(async () => {
    const builder = new ListingBuilder(options)
    for await (const event of events) {
      rightOrThrow(builder.write(event))
    }
    return rightOrThrow(builder.finish())
  })
}
