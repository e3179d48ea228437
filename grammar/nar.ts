import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { compareTexts } from '../bytes/order.js'
import { type Grammar, named, summarised, type TextGrammar } from '../combinators/node.js'
import { paddedBytes } from '../combinators/primitives/bytes.js'
import { literal } from '../combinators/primitives/fixed.js'
import { u64 } from '../combinators/primitives/int.js'
import { escapedText, limited } from '../combinators/primitives/text.js'
import { imap, refine } from '../combinators/structures/imap.js'
import { lazy } from '../combinators/structures/lazy.js'
import { struct } from '../combinators/structures/struct.js'
import { tagged } from '../combinators/structures/tagged.js'
import { until } from '../combinators/structures/until.js'
import { entryNameRule, isEntryName, isLinkTarget, linkTargetRule, narLimits } from './nar-names.js'

/** The words of an archive are padded strings, none longer than this. */
const token: TextGrammar = limited(narLimits.tag, escapedText)
const word = (text: string) => literal(token, text)

const EntryName: Grammar<string> = named(
  'NarEntryName',
  refine(limited(narLimits.name, escapedText), entryNameRule, isEntryName),
)

const LinkTarget: Grammar<string> = named(
  'NarLinkTarget',
  refine(limited(narLimits.target, escapedText), linkTargetRule, isLinkTarget),
)

interface Marker {
  readonly marker: 'Executable' | 'Plain'
}

/** `executable` and an empty string before `contents`, or neither. */
const Executable: Grammar<boolean> = imap(
  tagged('marker', token, {
    // The empty string is just its length, 0.
    Executable: ['executable', { marked: literal(u64, 0n), contents: word('contents') }],
    Plain: ['contents', {}],
  }),
  ({ marker }): Either<string, boolean> => right(marker === 'Executable'),
  (executable): Either<string, Marker> =>
    typeof executable === 'boolean'
      ? right(executable ? { marker: 'Executable' } : { marker: 'Plain' })
      : left('true or false'),
  { json: 'boolean' },
)

/** A file. */
export interface NarRegular {
  readonly type: 'regular'
  readonly executable: boolean
  readonly contents: Uint8Array
}

/** A symbolic link; the target is kept as it is and never followed. */
export interface NarSymlink {
  readonly type: 'symlink'
  readonly target: string
}

/** A directory; its entries are in ascending order of their names' bytes. */
export interface NarDirectory {
  readonly type: 'directory'
  readonly entries: ReadonlyArray<NarEntry>
}

export interface NarEntry {
  readonly name: string
  readonly node: NarNode
}

export type NarNode = NarRegular | NarSymlink | NarDirectory

/** Whether entries are in order. Invalid entries count as in order, since the writer reports them. */
const ascending = (entries: ReadonlyArray<Partial<NarEntry> | undefined>): boolean => {
  if (!Array.isArray(entries)) {
    return true
  }
  let last: unknown = entries[0]?.name
  for (let i = 1; i < entries.length && typeof last === 'string'; i++) {
    const name: unknown = entries[i]?.name
    if (typeof name === 'string' && compareTexts(last, name) >= 0) {
      return false
    }
    last = name
  }
  return true
}

const Entry: Grammar<NarEntry> = summarised(
  'one entry of a directory',
  struct('NarEntry', {
    open: word('('),
    nameTag: word('name'),
    name: EntryName,
    nodeTag: word('node'),
    nodeOpen: word('('),
    typeTag: word('type'),
    node: lazy(() => NarNode),
    close: word(')'),
  }),
)

/**
 * The part of a NAR after `( type`: a file, a symbolic link or a directory, with its closing `)`.
 *
 * ```ts
 * import { compile, hexOf } from 'nix-wire'
 * import { NarNode } from 'nix-wire/grammar'
 * import { either as E, function as F } from 'fp-ts'
 *
 * F.pipe(compile(NarNode).encode({ type: 'directory', entries: [] }), E.map(hexOf))
 * // => E.right('0900000000000000' + '6469726563746f7279' + '00000000000000' + '0100000000000000' + '2900000000000000')
 * ```
 *
 * Versions: all. Issues: those of {@link Nar}. Source: the specification, Nix Archive.
 */
export const NarNode: Grammar<NarNode> = summarised(
  'a file, a symbolic link or a directory',
  named(
    'NarNode',
    tagged('type', token, {
      regular: ['regular', { executable: Executable, contents: paddedBytes, close: word(')') }],
      symlink: ['symlink', { targetTag: word('target'), target: LinkTarget, close: word(')') }],
      directory: [
        'directory',
        {
          entries: refine(
            until(token, { next: 'entry', end: ')' }, Entry),
            'entries that ascend by the bytes of their names, each name once',
            ascending,
          ),
        },
      ],
    }),
  ),
)

const Nar_ = struct('Nar', {
  magic: word('nix-archive-1'),
  open: word('('),
  typeTag: word('type'),
  root: lazy(() => NarNode),
})

/**
 * A Nix archive: a tree of files, in the only byte form that it has.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { Nar } from 'nix-wire/grammar'
 *
 * compile(Nar).decode(bytesOf(`
 *   0d00000000000000 6e69782d61726368 6976652d31000000   nix-archive-1
 *   0100000000000000 2800000000000000                    (
 *   0400000000000000 7479706500000000                    type
 *   0700000000000000 726567756c617200                    regular
 *   0800000000000000 636f6e74656e7473                    contents
 *   0200000000000000 6869000000000000                    hi
 *   0100000000000000 2900000000000000                    )
 * `.replace(/ {3}\S.*$/gm, '')))
 * // => { _tag: 'Right', right: { root: { type: 'regular', executable: false, contents: new Uint8Array([0x68, 0x69]) } } }
 * ```
 *
 * The whole archive is held in memory, and a file in it may have at most as many bytes as the codec's string limit;
 * for archives of any size see the events of `nix-wire/stream`. Names and targets are bytes: those that are not UTF-8
 * become lone surrogates (see `escapedText`).
 *
 * The rules are those of Nix 2.35: fields in this order; words of at most 32 bytes; names of 1 to 255 bytes, none of
 * them `.`, `..` or with a `/` or NUL in it, in ascending order of their bytes; targets of 1 to 4095 bytes without
 * NUL; at most 63 directories above a node (the codec's depth limit of 64). Issues: `UnexpectedValue` and
 * `UnknownTag` for another word, `InvalidValue` for a name, target or order, `LimitExceeded`, `NonZeroPadding`,
 * `UnexpectedEnd`. Source: the specification, Nix Archive, which leaves the limits open.
 */
export const Nar: Grammar<Nar> = summarised('a Nix archive', Nar_)
export interface Nar {
  readonly root: NarNode
}
