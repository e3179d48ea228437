import { type Either, isLeft, type Left, left, map, right } from 'fp-ts/lib/Either.js'
import { none, type Option, some } from 'fp-ts/lib/Option.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { Issue } from '../combinators/issue.js'
import type { Grammar } from '../combinators/node.js'
import { checkOptions } from '../combinators/options.js'
import { paddedBytes } from '../combinators/primitives/bytes.js'
import type { Protocol } from '../combinators/protocol.js'
import type { ProtocolVersion } from '../combinators/version.js'
import {
  type CompileOptions,
  Input,
  limitsOf,
  type Plans,
  plansFor,
  type Reading,
} from '../interpreters/compile/resumable.js'
import { agreedOf } from './agreed.js'
import { Intake } from './intake.js'
import { IssueError } from './issue-error.js'
import { offsetOf } from './nar/byte-source.js'
import { bytesWithin, type NixReaderPromises, ValueReader } from './nix-read.js'
import { defaultBufferSize, type ReaderOptions, readerOptions, sizeOf } from './reader-options.js'
import { settled } from './settled.js'
import { chunksOf, type Source } from './source.js'

const lengthSize = 8
const anyLength: readonly [min: number, max: number] = [0, Number.POSITIVE_INFINITY]

const tooShort = (offset: number, length: bigint, [min, max]: readonly [number, number]): Issue => ({
  _tag: 'InvalidValue',
  offset,
  path: [],
  expected: `${min} to ${max} bytes`,
  actual: `${length} bytes`,
  grammar: 'bytes',
})

/**
 * Reads values from bytes that arrive in pieces.
 *
 * ```ts
 * import { bytesOf, listOf, u64 } from 'nix-wire'
 * import { NixReader } from 'nix-wire/stream'
 *
 * const reader = new NixReader([bytesOf('0100000000000000 0700'), bytesOf('000000000000 ff')])
 * await reader.promises.readValue(listOf(u64)) // => [7n]
 * reader.buffer // => new Uint8Array([0xff])
 * ```
 *
 * Every read is a `TaskEither`: nothing happens until it is called, and errors are values. `promises` has the same
 * methods as promises that reject with an {@link IssueError}. Only one read may be pending. Offsets in issues count
 * from the start of the stream; over a {@link ByteSource} they go on from its offset.
 *
 * Bytes are decoded as they arrive, with the codec that decodes whole messages. A value that is not complete yet is
 * continued later, and nothing is read twice. An announced length or count allocates no memory. After an issue inside
 * a value the start of the next one is unknown: every later value is that issue again, and only raw bytes can be
 * read.
 *
 * A value that reads to the end of the message (`listToEnd`, `restBytes`) reads to the end of the source.
 *
 * Issues: those of the grammars, `SourceFailed` with what the source threw, and `Aborted`.
 */
export class NixReader extends ValueReader {
  readonly #input: Input
  readonly #intake: Intake
  readonly #options: CompileOptions
  #plans: Plans
  #most: number
  #promises: NixReaderPromises | undefined
  /** Set by an issue inside a value: nobody knows where the next one starts. */
  #broken: Left<Issue> | null = null

  /** @throws RangeError or TypeError for invalid options, and for anything but a source. */
  constructor(source: Source, options: ReaderOptions = {}) {
    super()
    checkOptions('NixReader', readerOptions, options)
    const { buffer = new Uint8Array(0), protocol = {}, profile = 'compatible', signal } = options
    const reserved = sizeOf(options.reservedBufferSize, defaultBufferSize, 'reserved buffer size')
    const most = sizeOf(options.maxBufferSize, Number.POSITIVE_INFINITY, 'maximum buffer size')
    const limits = limitsOf(options.limits)
    const { string, frame, message } = limits
    this.#most = message
    this.#options = {
      profile,
      limits: { ...limits, string: Math.min(string, most), frame: Math.min(frame, most) },
    }
    this.#plans = plansFor(protocol, this.#options)
    this.#input = new Input(reserved)
    this.#input.pass(Math.max(offsetOf(source) - buffer.length, 0))
    if (buffer.length > 0) {
      this.#input.append(buffer)
    }
    this.#intake = new Intake(chunksOf(source), this.#input, signal)
  }

  /** The protocol for reading grammars of Nix. Other grammars may have other defaults. */
  get protocol(): Protocol {
    return agreedOf(this.#plans)
  }

  /** Sets parts of the protocol, for example after the handshake; the others stay. */
  setProtocol(given: Partial<Protocol>): void {
    this.#plans = plansFor({ ...this.#plans.protocol, ...given }, this.#options)
  }

  setVersion(version: ProtocolVersion): void {
    this.setProtocol({ version })
  }

  /**
   * Sets the `message` limit: the most bytes of one value from now on. It can be low, for example, until the other
   * side is authenticated. Raw bytes are not counted.
   *
   * @throws RangeError for an invalid limit.
   */
  setMessageLimit(bytes: number): void {
    this.#most = limitsOf({ message: bytes }).message
  }

  /** The bytes that have arrived and have not been read: a view, valid until the next read. */
  get buffer(): Uint8Array {
    return this.#input.rest
  }

  /**
   * @internal The kept bytes from an offset of the stream on, read or not: a view, valid until the next read.
   */
  bytesFrom(offset: number): Uint8Array {
    return offset < this.#input.base ? new Uint8Array(0) : this.#input.between(offset)
  }

  /** The size of the buffer in bytes, including the bytes in it. */
  get capacity(): number {
    return this.#input.capacity
  }

  /** The number of bytes of the stream that have been read. */
  get offset(): number {
    return this.#input.offset
  }

  readValue<A>(grammar: Grammar<A>): TaskEither<Issue, A> {
    return () => {
      this.#intake.expectIdle()
      if (this.#broken !== null) {
        return Promise.resolve(this.#broken)
      }
      const reading = this.#plans.read(grammar, this.#input, this.#most)
      const read = reading.next()
      return read === null ? this.#await(reading) : Promise.resolve(this.#ended(read))
    }
  }

  tryReadValue<A>(grammar: Grammar<A>): TaskEither<Issue, Option<A>> {
    return async () => {
      const there = await this.#any()
      if (isLeft(there)) {
        return there
      }
      return there.right ? map((value: A) => some(value))(await this.readValue(grammar)()) : right(none)
    }
  }

  override readBytes(): TaskEither<Issue, Uint8Array> {
    return () => this.#bytes(paddedBytes)
  }

  override tryReadBytes(): TaskEither<Issue, Option<Uint8Array>> {
    return async () => {
      const there = await this.#any()
      if (isLeft(there)) {
        return there
      }
      return there.right
        ? map((value: Uint8Array) => some(value))(await this.#bytes(paddedBytes))
        : right(none)
    }
  }

  override readBytesLimited(range: readonly [min: number, max: number]): TaskEither<Issue, Uint8Array> {
    const grammar = bytesWithin(range)
    return () => this.#bytes(grammar, range)
  }

  /** Waits for one more chunk and adds it to the buffer. Returns its number of bytes; 0 at the end. */
  fill(): TaskEither<Issue, number> {
    return () => this.#intake.more(1)
  }

  /**
   * Raw bytes: those in the buffer, or else the next chunk, without a copy. It returns at least one and at most
   * `most` bytes; none at the end.
   */
  readSome(most: number = Number.POSITIVE_INFINITY): TaskEither<Issue, Option<Uint8Array>> {
    sizeOf(most, most, 'number of bytes to read')
    return async () => {
      this.#intake.expectIdle()
      if (this.#input.unread > 0) {
        return right(some(this.#input.take(most)))
      }
      return map((bytes: Uint8Array | null) => (bytes === null ? none : some(bytes)))(
        await this.#intake.direct(most),
      )
    }
  }

  /** All remaining bytes, as raw chunks. @throws IssueError, while it is iterated over, if the source fails. */
  async *rest(): AsyncGenerator<Uint8Array, void, undefined> {
    for (;;) {
      const some = await this.readSome()()
      if (isLeft(some)) {
        throw new IssueError(some.left)
      }
      if (some.right._tag === 'None') {
        return
      }
      yield some.right.value
    }
  }

  /** Waits for the end of the source; `TrailingBytes` if more bytes come. */
  expectEnd(): TaskEither<Issue, void> {
    return async () => {
      const there = await this.#any()
      if (isLeft(there)) {
        return there
      }
      if (!there.right) {
        return right(undefined)
      }
      return left({
        _tag: 'TrailingBytes',
        offset: this.offset,
        path: [],
        expected: 'the end of the stream',
        actual: `${this.#input.unread} bytes or more`,
        grammar: 'stream',
      })
    }
  }

  override get promises(): NixReaderPromises {
    this.#promises ??= {
      ...super.promises,
      fill: () => settled(this.fill()),
      readSome: (most) => settled(this.readSome(most)),
      expectEnd: () => settled(this.expectEnd()),
    }
    return this.#promises
  }

  /** Cancels the source: a Node stream is destroyed, a web stream cancelled, an iterator returned. */
  cancel(reason?: unknown): void {
    this.#intake.cancel(reason)
  }

  /** Padded bytes; one whose length is refused has that length read, and what follows it can still be read. */
  #bytes(grammar: Grammar<Uint8Array>, range = anyLength): Promise<Either<Issue, Uint8Array>> {
    this.#intake.expectIdle()
    return this.#broken === null ? this.#freshBytes(grammar, range) : Promise.resolve(this.#broken)
  }

  async #freshBytes(
    grammar: Grammar<Uint8Array>,
    range: readonly [min: number, max: number],
  ): Promise<Either<Issue, Uint8Array>> {
    const { offset } = this
    const length = range[0] === 0 ? null : await this.#nextNumber()
    if (length !== null && length < range[0]) {
      this.#input.take(lengthSize)
      return left(tooShort(offset, length, range))
    }
    const read = await this.readValue(grammar)()
    if (isLeft(read) && read.left._tag === 'LimitExceeded' && read.left.offset === offset) {
      this.#input.take(lengthSize)
      this.#broken = null
    }
    return read
  }

  /** The integer that comes next, which stays there; null where the source ends or fails before it is whole. */
  async #nextNumber(): Promise<bigint | null> {
    const missing = lengthSize - this.#input.unread
    const added = missing > 0 ? await this.#intake.more(missing) : right(0)
    const { unread, view, pos } = this.#input
    return isLeft(added) || unread < lengthSize ? null : view.getBigUint64(pos, true)
  }

  async #await<A>(reading: Reading<A>): Promise<Either<Issue, A>> {
    for (;;) {
      const { missing } = reading
      const added = await this.#intake.more(missing, () => reading.place)
      if (isLeft(added)) {
        return this.#ended(added)
      }
      const read = added.right < missing ? reading.end() : reading.next()
      if (read !== null) {
        return this.#ended(read)
      }
    }
  }

  #ended<A>(read: Either<Issue, A>): Either<Issue, A> {
    if (isLeft(read)) {
      this.#broken = read
    }
    return read
  }

  /** Whether there is at least one byte more. */
  async #any(): Promise<Either<Issue, boolean>> {
    this.#intake.expectIdle()
    return this.#input.unread > 0
      ? right(true)
      : map((added: number) => added > 0)(await this.#intake.more(1))
  }
}
