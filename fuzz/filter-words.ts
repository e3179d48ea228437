import { didYouMean } from '../bytes/alike.js'
import { resolved } from '../combinators/resolved.js'
import { quoted } from '../combinators/show.js'
import { toMalformed } from '../interpreters/malformed/index.js'
import { sitesOf } from '../interpreters/malformed/sites.js'
import { type FilterOptions, inputKinds, isAt, mistakeKinds, plainPlace } from './filter.js'
import type { Format } from './format.js'
import type { Check } from './targets/target.js'
import { textTags } from './text-tags.js'

/** What a filter is for. */
interface Filtered {
  readonly check: Check
  /** Whether the inputs are the caller's. */
  readonly isGiven: boolean
}

/** A filter that can match nothing. */
export interface FilterProblem {
  readonly option: 'only' | 'ignore'
  readonly problem: string
}

/** The tags that decoders report. A tag of another type may be ignored: it does no harm. */
const tags: ReadonlyArray<string> = [
  'UnexpectedEnd',
  'InvalidText',
  'NotUtf8',
  'LimitExceeded',
  'NonZeroPadding',
  'OutOfRange',
  'UnknownTag',
  'UnexpectedValue',
  'InvalidValue',
  'DuplicateKey',
  'NotCanonical',
  'TrailingBytes',
  'FramesEnd',
]

/** The first word of a filter that can match nothing; null if each can match something. */
export const filterProblem = <A>(
  format: Format<A>,
  filtered: Filtered,
  { only = [], ignore: ignored = [], structure = false }: FilterOptions,
): FilterProblem | null => {
  if (only.length === 0 && ignored.length === 0) {
    return null
  }
  const ignore = structure ? [...ignored, ...textTags] : ignored
  const words = new Words(format, filtered)
  for (const option of ['only', 'ignore'] as const) {
    for (const word of option === 'only' ? only : ignore) {
      const problem = words.unknown(word) ?? (option === 'only' ? words.impossible(word) : null)
      if (problem !== null) {
        return { option, problem }
      }
    }
  }
  const isLost = (word: string): boolean =>
    ignore.some((each) => each === word || isAt(plainPlace(word), plainPlace(each)))
  return only.length > 0 && only.every(isLost)
    ? { option: 'only', problem: `${only.map((word) => quoted(word)).join(', ')} is ignored as well` }
    : null
}

class Words<A> {
  readonly #format: Format<A>
  readonly #filtered: Filtered
  readonly #places: Places

  constructor(format: Format<A>, filtered: Filtered) {
    this.#format = format
    this.#filtered = filtered
    this.#places = placesOf(format, filtered.check === 'value')
  }

  /** What is wrong with a word that is no tag, no kind and no path. */
  unknown(word: string): string | null {
    const known = [...tags, ...inputKinds, ...mistakeKinds]
    return known.includes(word) || this.#hasPlace(plainPlace(word))
      ? null
      : `there is no tag, path or kind ${quoted(word)}${didYouMean(plainPlace(word), [...known, ...this.#places.all])}`
  }

  /** Why a word matches nothing in this run. */
  impossible(word: string): string | null {
    const { check, isGiven } = this.#filtered
    const { profile, grammar, protocol } = this.#format
    if (inputKinds.includes(word)) {
      return check === 'encode' && word !== 'valid'
        ? `an encoder has valid inputs only, none that are ${word}`
        : isGiven !== (word === 'given') && word !== 'acceptable'
          ? isGiven
            ? `the inputs of a corpus are given, none are ${word}`
            : 'only the inputs of a corpus are given'
          : word === 'acceptable' && profile === 'canonical'
            ? 'the canonical profile accepts nothing but valid messages'
            : null
    }
    if (mistakeKinds.includes(word)) {
      const needed = word === 'value' ? ['value'] : word === 'bytes' ? ['roundtrip', 'encode'] : [check]
      return needed.includes(check) ? null : `the check ${check} does not compare ${neededFor[word] ?? ''}`
    }
    if (!tags.includes(word)) {
      return null
    }
    const own = new Set<string>(toMalformed(grammar, protocol).rules.map(({ tag }) => tag))
    return own.has(word) ? null : `no message of this type has ${word}: its tags are ${[...own].join(', ')}`
  }

  #hasPlace(word: string): boolean {
    const { all, open, recursive } = this.#places
    const names = word.split(/[.[\]]+/).filter((name) => name !== '')
    return (
      (word !== '' && all.some((place) => isAt(place, word))) ||
      open.some((place) => place === '' || isAt(word, place)) ||
      (recursive.some((place) => place === '' || isAt(word, place)) &&
        names.every((name) => all.some((place) => place.split(/[.[\]]+/).includes(name))))
    )
  }
}

const neededFor: { readonly [kind: string]: string } = { value: 'values', bytes: 'bytes' }

interface Places {
  readonly all: ReadonlyArray<string>
  /** Those whose values may have parts that the grammar does not name. */
  readonly open: ReadonlyArray<string>
  /** Those where a recursion begins. */
  readonly recursive: ReadonlyArray<string>
}

const placesOf = <A>({ grammar, protocol }: Format<A>, comparesValues: boolean): Places => {
  const all = new Set<string>()
  const open = new Set<string>()
  const recursive = new Set<string>()
  for (const { place, site } of sitesOf(resolved(grammar, protocol).node)) {
    const { node } = site
    const plain = plainPlace(site.role === 'value' ? place : place.replace(/ ?(count|tag|mark)$/, ''))
    // In the JSON of a map the value stands under its key.
    for (const each of comparesValues ? [plain, plain.replaceAll(/\[\]\.(key|value)\b/g, '[]')] : [plain]) {
      all.add(each)
      if (node._tag === 'lazy') {
        recursive.add(each)
      } else if (
        comparesValues &&
        (node._tag === 'imap' || node._tag === 'span' || (node._tag === 'text' && node.format !== null))
      ) {
        open.add(each)
      }
    }
  }
  return { all: [...all], open: [...open], recursive: [...recursive] }
}
