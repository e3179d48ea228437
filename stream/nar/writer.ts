import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { expectBytes } from '../../bytes/byte-array.js'
import { expectObject, expectText } from '../../combinators/expect.js'
import type { Issue } from '../../combinators/issue.js'
import { checkOptions } from '../../combinators/options.js'
import { show } from '../../combinators/show.js'
import { entryNameRule, isEntryName, isLinkTarget, linkTargetRule } from '../../grammar/nar-names.js'
import type { NarEvent, NarRegularEvent } from './events.js'
import { type NarLimits, type NarWriterOptions, narLimitsOf, narWriterOptions } from './options.js'
import { Outflow } from './outflow.js'
import { issueOf, quote, type Refusal, Refused, refuse } from './refusal.js'
import type { Room } from './room.js'
import { comesAfter } from './texts.js'
import { wordsOf } from './words.js'

const begin = wordsOf('nix-archive-1', '(', 'type').bytes
const directory = wordsOf('directory').bytes
const regular = wordsOf('regular', 'contents').bytes
const executable = wordsOf('regular', 'executable', '', 'contents').bytes
const symlink = wordsOf('symlink', 'target').bytes
const entryName = wordsOf('entry', '(', 'name').bytes
const node = wordsOf('node', '(', 'type').bytes
const close = wordsOf(')').bytes
const closeClose = wordsOf(')', ')').bytes

const written: Either<Issue, void> = right(undefined)

/**
 * Writes a NAR from {@link NarEvent}s, and checks them by the rules of {@link NarParser}. The bytes are collected
 * until `take` hands them out; call it when `full` is true.
 *
 * ```ts
 * import { bytesOf } from 'nix-wire'
 * import { NarParser, NarWriter } from 'nix-wire/stream'
 *
 * const writer = new NarWriter()
 * writer.write({ _tag: 'regular', executable: true, size: 2 })
 * writer.write({ _tag: 'contents', bytes: bytesOf('6869') })
 * writer.finish() // => { _tag: 'Right', right: undefined }
 *
 * const [archive] = writer.take()
 * archive?.length // => 152
 * ```
 *
 * Contents of 4 KiB and more in one event are handed out without a copy, and must not change until they have been
 * sent. Issues: `Unrepresentable` for an event out of place, an invalid name, target or order, and contents of
 * another size than announced; `LimitExceeded`. After an issue nothing more is written.
 *
 * @throws RangeError for an invalid limit or chunk size.
 */
export class NarWriter {
  readonly #limits: NarLimits
  readonly #out: Outflow
  readonly #path: Array<string> = []
  /** For each open directory the name that came last in it; undefined before the first. */
  readonly #last: Array<string | undefined> = []
  #expects: 'node' | 'entry' | 'contents' | 'nothing' = 'node'
  #size = 0
  #left = 0
  #failed: Either<Issue, void> | null = null

  constructor(options: NarWriterOptions = {}) {
    checkOptions('NarWriter', narWriterOptions, options)
    const { limits, chunkSize = 65536 } = options
    this.#limits = narLimitsOf(limits)
    this.#out = new Outflow(chunkSize)
    this.#out.copy(begin)
  }

  /** The number of bytes of the archive so far. */
  get offset(): number {
    return this.#out.offset
  }

  /** True if enough bytes are collected that they should be taken before more is written. */
  get full(): boolean {
    return this.#out.full
  }

  /** The bytes since the last call, in chunks. */
  take(): ReadonlyArray<Uint8Array> {
    return this.#out.take()
  }

  write(event: NarEvent): Either<Issue, void> {
    expectObject('an event', event)
    return this.#refusing(() => this.#event(event))
  }

  /**
   * @internal Lets `write` put entries into the archive in their wire form: in order, after the earlier ones, with
   * names up to that many bytes. It returns the name of the last, or null for none.
   */
  entries(need: number, write: (room: Room, nameLimit: number) => string | null): void {
    const depth = this.#last.length - 1
    if (this.#failed === null && this.#expects === 'entry' && this.#path.length + 1 < this.#limits.depth) {
      this.#last[depth] = write(this.#out.room(need), this.#limits.name) ?? this.#last[depth]
    }
  }

  /** @internal Whether an entry of that size is collected with others. */
  collects(size: number): boolean {
    return this.#out.collects(size)
  }

  /** @internal Allows taken chunks to be overwritten. */
  reuse(): void {
    this.#out.reuse()
  }

  /** Ends the archive: no more events follow. */
  finish(): Either<Issue, void> {
    return this.#refusing(() => {
      if (this.#expects !== 'nothing') {
        this.#refuseEvent('the end')
      }
    })
  }

  #refusing(run: () => void): Either<Issue, void> {
    if (this.#failed !== null) {
      return this.#failed
    }
    try {
      run()
      return written
    } catch (error) {
      if (!(error instanceof Refused)) {
        throw error
      }
      this.#failed = left(issueOf(error.refusal, [...this.#path]))
      return this.#failed
    }
  }

  #event(event: NarEvent): void {
    switch (event._tag) {
      case 'regular':
        this.#node()
        this.#regular(event)
        break
      case 'contents':
        this.#contents(event.bytes)
        break
      case 'symlink':
        this.#node()
        this.#symlink(event.target)
        break
      case 'directory':
        this.#node()
        this.#out.copy(directory)
        this.#last.push(undefined)
        this.#expects = 'entry'
        break
      case 'entry':
        this.#entry(event.name)
        break
      case 'directoryEnd':
        if (this.#expects !== 'entry') {
          this.#refuseEvent('directoryEnd')
        }
        this.#last.pop()
        this.#closeNode()
        break
      default:
        // Only untyped code can pass such an event.
        this.#refuseEvent(show((event as { readonly _tag: unknown })._tag))
    }
  }

  #node(): void {
    const { depth } = this.#limits
    if (this.#expects !== 'node') {
      this.#refuseEvent('a node')
    }
    if (this.#path.length >= depth) {
      const expected = `at most ${depth - 1} directories above a node`
      const actual = `${this.#path.length} directories`
      this.#refuse({ tag: 'LimitExceeded', expected, actual, limit: 'depth', maximum: depth })
    }
  }

  #regular({ executable: runs, size }: NarRegularEvent): void {
    if (!Number.isSafeInteger(size) || size < 0) {
      this.#refuse({ tag: 'OutOfRange', expected: 'a size in bytes, up to 2^53 − 1', actual: String(size) })
    }
    this.#out.copy(runs ? executable : regular)
    this.#out.integer(size)
    this.#size = size
    this.#left = size
    this.#expects = 'contents'
    if (size === 0) {
      this.#closeNode()
    }
  }

  #contents(bytes: Uint8Array): void {
    if (this.#expects !== 'contents') {
      this.#refuseEvent('contents')
    }
    expectBytes('the bytes of contents', bytes)
    if (bytes.length > this.#left) {
      const actual = `${this.#size - this.#left + bytes.length} bytes or more`
      this.#refuse({ tag: 'Unrepresentable', expected: `contents of ${this.#size} bytes`, actual })
    }
    this.#out.bytes(bytes)
    this.#left -= bytes.length
    if (this.#left === 0) {
      this.#out.pad(this.#size)
      this.#closeNode()
    }
  }

  #symlink(target: string): void {
    expectText('the target of a link', target)
    if (!isLinkTarget(target)) {
      this.#refuse({ tag: 'Unrepresentable', expected: linkTargetRule, actual: quote(target) })
    }
    this.#out.copy(symlink)
    this.#text(target, this.#limits.target, 'the target of a symbolic link')
    this.#closeNode()
  }

  #entry(name: string): void {
    if (this.#expects !== 'entry') {
      this.#refuseEvent('entry')
    }
    expectText('the name of an entry', name)
    if (!isEntryName(name)) {
      this.#refuse({ tag: 'Unrepresentable', expected: entryNameRule, actual: quote(name) })
    }
    const depth = this.#last.length - 1
    const last = this.#last[depth]
    if (last !== undefined && !comesAfter(last, name)) {
      const expected = `an entry name after ${quote(last)}, in the order of their bytes`
      this.#refuse({ tag: 'Unrepresentable', expected, actual: quote(name) })
    }
    this.#out.copy(entryName)
    this.#text(name, this.#limits.name, 'an entry name')
    this.#out.copy(node)
    this.#last[depth] = name
    this.#path.push(name)
    this.#expects = 'node'
  }

  #text(text: string, limit: number, what: string): void {
    const length = this.#out.text(text, limit)
    if (length === null) {
      const expected = `${what} whose lone surrogates stand for bytes that are not UTF-8`
      this.#refuse({ tag: 'Unrepresentable', expected, actual: quote(text) })
    } else if (length > limit) {
      const expected = `${what} of at most ${limit} bytes`
      this.#refuse({ tag: 'LimitExceeded', expected, actual: `${length} bytes`, maximum: limit })
    }
  }

  #closeNode(): void {
    if (this.#path.length === 0) {
      this.#out.copy(close)
      this.#out.flush()
      this.#expects = 'nothing'
    } else {
      this.#out.copy(closeClose)
      this.#path.pop()
      this.#expects = 'entry'
    }
  }

  #refuse(refusal: Omit<Refusal, 'offset'>): never {
    return refuse({ ...refusal, offset: this.#out.offset })
  }

  #refuseEvent(actual: string): never {
    return this.#refuse({ tag: 'Unrepresentable', expected: expectations[this.#expects], actual })
  }
}

const expectations = {
  node: 'a node: regular, symlink or directory',
  entry: 'entry or directoryEnd',
  contents: 'contents, up to the size of the file',
  nothing: 'no more events: the archive is over',
} as const
