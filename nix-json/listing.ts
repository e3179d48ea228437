import { right } from 'fp-ts/lib/Either.js'
import { none, some } from 'fp-ts/lib/Option.js'
import * as t from 'io-ts'
import { compareTexts } from '../bytes/order.js'
import { entryNameRule, isEntryName, isLinkTarget, linkTargetRule } from '../grammar/nar-names.js'
import type { ListedDirectory, ListedFile, ListedLink, ListingNode } from '../store/listing/node.js'
import { isMembers } from './json.js'
import { ifTrue, object, optional, required } from './members.js'
import { NixJsonType } from './nix-json-type.js'
import { type Codec, codec, count, flag, mapOf, oneOf, piece, viewed } from './parts.js'

/** As in archives: the root counts. */
const mostNodesDeep = 64

const ruled = (rule: string, holds: (text: string) => boolean): t.Type<string, string, unknown> =>
  piece(
    rule,
    (input) => (typeof input === 'string' && holds(input) ? right(input) : { _tag: 'Left', left: rule }),
    (value) => value,
  ) as t.Type<string, string, unknown>

const file: Codec<ListedFile> = viewed(
  'ListedFile',
  object('ListedFile', {
    type: required(oneOf('regular')),
    size: required(count),
    executable: ifTrue(flag),
    narOffset: optional(count),
  }),
  ({ size, executable, narOffset }) =>
    right({
      type: 'regular' as const,
      size,
      executable,
      // Nix writes 0 if it does not know the offset.
      narOffset: narOffset._tag === 'Some' && narOffset.value > 0 ? some(narOffset.value) : none,
    }),
  (node) => node,
)

const link: Codec<ListedLink> = object('ListedLink', {
  type: required(oneOf('symlink')),
  target: required(ruled(linkTargetRule, isLinkTarget)),
})

const directory: Codec<ListedDirectory> = viewed<ListedDirectory, ListedDirectory>(
  'ListedDirectory',
  object('ListedDirectory', {
    type: required(oneOf('directory')),
    // Entries are nodes themselves, so the codec is looked up only when one is read.
    entries: required(mapOf<string, ListingNode>(ruled(entryNameRule, isEntryName), () => node)),
  }),
  ({ type, entries }) =>
    right({ type, entries: new Map([...entries].sort(([a], [b]) => compareTexts(a, b))) }),
  (listed) => listed,
)

const node: Codec<ListingNode> = codec<ListingNode>(
  'ListingNode',
  (input, context) => {
    // Each level has two steps: the entries, and the name.
    if (context.length > 2 * mostNodesDeep) {
      return t.failure(input, context, `expected at most ${mostNodesDeep - 1} directories above a node`)
    }
    const type = isMembers(input) && Object.hasOwn(input, 'type') ? input.type : undefined
    switch (type) {
      case 'regular':
        return file.validate(input, context)
      case 'symlink':
        return link.validate(input, context)
      case 'directory':
        return directory.validate(input, context)
      default:
        return t.failure(input, context, 'expected a member "type": "regular", "symlink" or "directory"')
    }
  },
  (listed) => {
    switch (listed.type) {
      case 'regular':
        return file.encode(listed)
      case 'symlink':
        return link.encode(listed)
      case 'directory':
        return directory.encode(listed)
    }
  },
)

/**
 * A node of a listing, as `nix nar ls --json --recursive` prints it.
 *
 * ```ts
 * import { ListingJson } from 'nix-wire/nix-json'
 * import { option as O } from 'fp-ts'
 *
 * ListingJson.decode({ type: 'regular', size: 5, narOffset: 96 })
 * // => { _tag: 'Right', right: { type: 'regular', size: 5, executable: false, narOffset: O.some(96) } }
 * ```
 *
 * `parseListing` of `nix-wire/store` parses the text of a listing, and its issues have the byte. Issues: an invalid
 * entry name; more than 63 directories above a node. Source: the reference implementation.
 */
export const ListingJson: NixJsonType<ListingNode> = new NixJsonType('ListingJson', () => node)
