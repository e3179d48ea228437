import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { some } from 'fp-ts/lib/Option.js'
import { encodeEscaped } from '../../bytes/escaped.js'
import { compareTexts } from '../../bytes/order.js'
import { paddedSize } from '../../bytes/padding.js'
import { strings } from '../../bytes/strings.js'
import { expectObject } from '../../combinators/expect.js'
import type { Issue, LimitExceeded, PlainIssue } from '../../combinators/issue.js'
import { checkOptions, number, type OptionChecks } from '../../combinators/options.js'
import { quoted, show } from '../../combinators/show.js'
import type { NarEvent } from '../../stream/nar/events.js'
import type { ListingNode } from './node.js'

const defaultMaxNodes = 2 ** 22

export interface ListingOptions {
  /** The most nodes of a listing, which is held in memory. Default: 4 Mi (2^22). */
  readonly maxNodes?: number
}

/** How each option is checked. */
export const listingOptions: OptionChecks<ListingOptions> = { maxNodes: number }

const wordsSize = (...texts: ReadonlyArray<string>): number =>
  texts.reduce((sum, text) => sum + paddedSize(text.length), 0)

const start = wordsSize('nix-archive-1', '(', 'type')
const directory = wordsSize('directory')
const regular = wordsSize('regular', 'contents')
const executable = wordsSize('executable', '')
const symlink = wordsSize('symlink', 'target')
const entry = wordsSize('entry', '(', 'name', 'node', '(', 'type')
const close = wordsSize(')')

const textSize = (text: string): number =>
  paddedSize(text.isWellFormed() ? strings.byteLength(text) : encodeEscaped(text).length)

interface OpenDirectory {
  readonly entries: Map<string, ListingNode>
  /** The last entry, and whether all were in order. */
  last: string | null
  isSorted: boolean
}

type Unplaced<I> = I extends Issue ? Omit<I, 'offset' | 'path' | 'grammar'> : never

const done: Either<Issue, void> = right(undefined)

/**
 * Makes the listing of an archive from its events, in one pass. Only the listing is held in memory.
 *
 * ```ts
 * import { ListingBuilder } from 'nix-wire/store'
 * import { option as O } from 'fp-ts'
 *
 * const builder = new ListingBuilder()
 * builder.write({ _tag: 'regular', executable: true, size: 0 }) // => { _tag: 'Right', right: undefined }
 * builder.finish()
 * // => { _tag: 'Right', right: { type: 'regular', size: 0, executable: true, narOffset: O.some(128) } }
 * ```
 *
 * Issues: `Unrepresentable` for an event out of place, `DuplicateKey` for a name that its directory already has,
 * `LimitExceeded` for more nodes than `maxNodes`. After an issue every call fails with it.
 *
 * Offsets are those in the archive that the events would be written as. They differ from those of an archive that was
 * read with `missingContents` or `otherWordForContents`.
 *
 * @throws RangeError for an invalid limit.
 */
export class ListingBuilder {
  readonly #maxNodes: number
  readonly #path: Array<string> = []
  readonly #open: Array<OpenDirectory> = []
  #root: ListingNode | null = null
  #offset = start
  #nodes = 0
  /** How many bytes of the file's contents are to come. */
  #left = 0
  #isNamed = true
  #failed: Either<Issue, never> | null = null

  constructor(options: ListingOptions = {}) {
    checkOptions('ListingBuilder', listingOptions, options)
    const { maxNodes = defaultMaxNodes } = options
    if (!Number.isSafeInteger(maxNodes) || maxNodes < 1) {
      throw new RangeError(`maxNodes must be an integer of at least 1, not ${show(maxNodes)}`)
    }
    this.#maxNodes = maxNodes
  }

  /** Takes the next event. */
  write(event: NarEvent): Either<Issue, void> {
    expectObject('an event', event)
    return this.#failed ?? this.#event(event)
  }

  /** The listing, after the last event. */
  finish(): Either<Issue, ListingNode> {
    return this.#failed ?? (this.#isOver && this.#root !== null ? right(this.#root) : this.#refuse('the end'))
  }

  get #isOver(): boolean {
    return this.#root !== null && this.#open.length === 0 && this.#left === 0
  }

  #event(event: NarEvent): Either<Issue, void> {
    switch (event._tag) {
      case 'contents':
        return this.#left === 0 || event.bytes.length > this.#left
          ? this.#refuse('contents')
          : this.#contents(event.bytes.length)
      case 'entry':
        return this.#left > 0 || this.#isNamed || this.#open.length === 0
          ? this.#refuse('entry')
          : this.#entry(event.name)
      case 'directoryEnd':
        return this.#left > 0 || this.#isNamed || this.#open.length === 0
          ? this.#refuse('directoryEnd')
          : this.#directoryEnd()
      case 'regular':
      case 'symlink':
      case 'directory':
        return this.#left > 0 || !this.#isNamed ? this.#refuse('a node') : this.#node(event)
      default:
        // Only untyped code can pass such an event.
        return this.#refuse(show((event as { readonly _tag: unknown })._tag))
    }
  }

  #node(
    event: Exclude<NarEvent, { readonly _tag: 'contents' | 'entry' | 'directoryEnd' }>,
  ): Either<Issue, void> {
    this.#nodes++
    if (this.#nodes > this.#maxNodes) {
      return this.#fail({
        _tag: 'LimitExceeded',
        expected: `at most ${this.#maxNodes} nodes`,
        actual: 'one more',
        limit: 'collection',
        maximum: this.#maxNodes,
      })
    }
    this.#isNamed = false
    switch (event._tag) {
      case 'regular': {
        const { executable: runs, size } = event
        this.#offset += regular + (runs ? executable : 0) + 8
        this.#add({ type: 'regular', size, executable: runs, narOffset: some(this.#offset) })
        this.#left = size
        this.#offset += paddedSize(size) - 8
        return size === 0 ? this.#closed() : done
      }
      case 'symlink':
        this.#offset += symlink + textSize(event.target)
        this.#add({ type: 'symlink', target: event.target })
        return this.#closed()
      case 'directory': {
        const entries = new Map<string, ListingNode>()
        this.#offset += directory
        this.#add({ type: 'directory', entries })
        this.#open.push({ entries, last: null, isSorted: true })
        return done
      }
    }
  }

  #contents(count: number): Either<Issue, void> {
    this.#left -= count
    return this.#left === 0 ? this.#closed() : done
  }

  #entry(name: string): Either<Issue, void> {
    const parent = this.#open.at(-1)!
    if (parent.entries.has(name)) {
      const expected = 'each entry name once in its directory'
      return this.#fail({ _tag: 'DuplicateKey', expected, actual: quoted(name) })
    }
    parent.isSorted &&= parent.last === null || compareTexts(parent.last, name) < 0
    parent.last = name
    this.#offset += entry + textSize(name)
    this.#path.push(name)
    this.#isNamed = true
    return done
  }

  #directoryEnd(): Either<Issue, void> {
    const { entries, isSorted } = this.#open.pop()!
    if (!isSorted) {
      const sorted = [...entries].sort(([a], [b]) => compareTexts(a, b))
      entries.clear()
      for (const [name, node] of sorted) {
        entries.set(name, node)
      }
    }
    return this.#closed()
  }

  #add(node: ListingNode): void {
    const parent = this.#open.at(-1)
    if (parent === undefined) {
      this.#root = node
    } else {
      parent.entries.set(this.#path.at(-1)!, node)
    }
  }

  /** The node is over, and the entry that it is of. */
  #closed(): Either<Issue, void> {
    this.#offset += close
    if (this.#path.length > 0) {
      this.#path.pop()
      this.#offset += close
    }
    return done
  }

  #refuse(actual: string): Either<Issue, never> {
    const expected =
      this.#left > 0
        ? `contents, ${this.#left} more bytes of them`
        : this.#isNamed
          ? 'a node: regular, symlink or directory'
          : this.#isOver
            ? 'no more events: the archive is over'
            : 'entry or directoryEnd'
    return this.#fail({ _tag: 'Unrepresentable', expected, actual })
  }

  #fail(what: Unplaced<PlainIssue | LimitExceeded>): Either<Issue, never> {
    const issue: Issue = { ...what, offset: this.#offset, path: [...this.#path], grammar: 'Listing' }
    this.#failed = left(issue)
    return this.#failed
  }
}
