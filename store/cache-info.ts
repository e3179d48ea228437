import { left, right } from 'fp-ts/lib/Either.js'
import type { Option } from 'fp-ts/lib/Option.js'
import { show } from '../combinators/show.js'
import { Path } from '../types/index.js'
import { issueAtIndex } from '../types/text-parser.js'
import { keepingText, type WithText } from './kept-text.js'
import { decimal } from './line-formats.js'
import {
  brokenLines,
  type LineFormat,
  lineTexts,
  maybe,
  type OtherLine,
  parseLines,
  printLines,
} from './lines.js'
import { StoreText } from './store-text.js'

/** A binary cache's information about itself. */
export interface CacheInfo extends WithText {
  /** The store directory of its paths. */
  readonly storeDir: Option<Path>
  /** Whether it accepts queries for many paths at once. */
  readonly wantMassQuery: Option<boolean>
  /** The priority: caches with lower numbers are asked first. */
  readonly priority: Option<bigint>
  /** The unknown lines. */
  readonly others: ReadonlyArray<OtherLine>
}

const path: LineFormat<Path> = {
  ...Path.format,
  texts: (make) => make.pattern([{ _tag: 'oneOf', texts: ['/nix/store', '/gnu/store', '/home/me/store'] }]),
}

const flag: LineFormat<boolean> = {
  summary: '0 or 1',
  parse: (text) =>
    text === '0' || text === '1' ? right(text === '1') : left(issueAtIndex(text, 0, '0 or 1')),
  print: (value) =>
    typeof value === 'boolean'
      ? right(value ? '1' : '0')
      : left({ position: 0, expected: 'true or false', actual: show(value) }),
  texts: (make) => make.pattern([{ _tag: 'oneOf', texts: ['0', '1'] }]),
}

const rules = {
  storeDir: maybe('StoreDir', path),
  wantMassQuery: maybe('WantMassQuery', flag),
  priority: maybe('Priority', decimal(0n, 2n ** 31n - 1n)),
}

/** Some caches omit the last newline. */
const description = { rules, ended: false }

/**
 * The text of `nix-cache-info`: lines `Name: value`, each at most once. Lines of other names are kept, in their places.
 *
 * ```ts
 * import { CacheInfo } from 'nix-wire/store'
 * import { option as O } from 'fp-ts'
 *
 * CacheInfo.parse('StoreDir: /nix/store\nWantMassQuery: 1\nPriority: 40\n')
 * // => {
 * //   _tag: 'Right',
 * //   right: {
 * //     storeDir: O.some('/nix/store'),
 * //     wantMassQuery: O.some(true),
 * //     priority: O.some(40n),
 * //     others: [],
 * //     text: O.none,
 * //   },
 * // }
 * ```
 *
 * Source: the reference implementation.
 */
export const CacheInfo: StoreText<CacheInfo> = new StoreText<CacheInfo>({
  name: 'CacheInfo',
  summary: 'what a binary cache says of itself',
  syntax: [
    {
      rules: [
        'CacheInfo = { Name ": " Value <newline> }',
        'Name = "StoreDir" | "WantMassQuery" | "Priority" | <another name>',
        'Value = <an absolute path, 0 or 1, a number>',
      ],
    },
  ],
  ...keepingText<Omit<CacheInfo, 'text'>>({
    parse: (text, protocol) => parseLines(description, text, protocol),
    print: (value, protocol) => printLines(description, value, protocol),
  }),
  texts: lineTexts(description),
  broken: (value, protocol) => brokenLines(description, value, protocol),
})
