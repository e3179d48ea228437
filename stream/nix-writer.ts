import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { expectBytes } from '../bytes/byte-array.js'
import { grown } from '../bytes/grown.js'
import type { Issue } from '../combinators/issue.js'
import type { Grammar } from '../combinators/node.js'
import { checkOptions, number, type OptionChecks, usual } from '../combinators/options.js'
import { utf8 } from '../combinators/primitives/text.js'
import type { Protocol } from '../combinators/protocol.js'
import type { ProtocolVersion } from '../combinators/version.js'
import { type CompileOptions, type Limits, type Plans, plansFor } from '../interpreters/compile/resumable.js'
import { agreedOf } from './agreed.js'
import type { ByteSink } from './byte-sink.js'
import { IssueError, messageOf } from './issue-error.js'
import { type NixWriterPromises, ValueWriter } from './nix-write.js'
import { defaultBufferSize, sizeOf } from './reader-options.js'
import { settled } from './settled.js'
import { type Sink, sinkOf } from './sink.js'

const unreadable = (offset: number, error: unknown): Issue => ({
  _tag: 'Unrepresentable',
  offset,
  path: [],
  expected: 'bytes that can be read',
  actual: messageOf(error),
  grammar: 'bytes',
})

export interface WriterOptions {
  /** The number of bytes to collect before they are sent. Default: 8192. */
  readonly maxBufferSize?: number
  /** The protocol that both peers agreed on; it can be set later. Default: the defaults of each grammar. */
  readonly protocol?: Partial<Protocol>
  readonly limits?: Partial<Limits>
}

const checks: OptionChecks<WriterOptions> = {
  maxBufferSize: number,
  protocol: usual.protocol,
  limits: usual.limits,
}

// Small, since an idle connection keeps its buffers.
const firstBufferSize = 1024

/**
 * Writes values to a sink: a Node `Writable` or socket, a web `WritableStream`, a {@link CollectingSink}.
 *
 * ```ts
 * import { bytesOf, listOf, u64 } from 'nix-wire'
 * import { CollectingSink, NixWriter } from 'nix-wire/stream'
 *
 * const sink = new CollectingSink()
 * const writer = new NixWriter(sink)
 * await writer.promises.writeValue(listOf(u64), [7n])
 * await writer.promises.flush()
 * sink.bytes // => bytesOf('0100000000000000 0700000000000000')
 * ```
 *
 * Every write is a `TaskEither`; `promises` has the same methods as promises. A write is done when its bytes are in
 * the buffer, or when the sink is ready for more; {@link flush} sends the rest. A value that cannot be written writes
 * nothing. Writes keep their order, even if they are not awaited.
 *
 * Issues: those of the grammars, with offsets from the start of the stream; `SinkFailed` with the sink's error, for
 * this write and all later ones.
 */
export class NixWriter extends ValueWriter {
  readonly #sink: ByteSink
  readonly #options: CompileOptions
  readonly #most: number
  #plans: Plans
  #buffer: Uint8Array
  #length = 0
  /** How many bytes have left the buffer. */
  #sent = 0
  /** What the sink is busy with. */
  #busy: Promise<void> | null = null
  #failure: { readonly cause: unknown } | null = null
  #promises: NixWriterPromises | undefined

  /** @throws RangeError or TypeError for invalid options, and for anything but a sink. */
  constructor(sink: Sink, options: WriterOptions = {}) {
    super()
    checkOptions('NixWriter', checks, options)
    const { protocol = {}, limits = {} } = options
    this.#most = sizeOf(options.maxBufferSize, defaultBufferSize, 'maximum buffer size')
    this.#options = { limits }
    this.#plans = plansFor(protocol, this.#options)
    this.#sink = sinkOf(sink)
    this.#buffer = new Uint8Array(0)
  }

  /** The protocol for writing grammars of Nix. Other grammars may have other defaults. */
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

  /** The bytes that were written and have not been sent: a view, valid until the next write. */
  get buffer(): Uint8Array {
    return this.#buffer.subarray(0, this.#length)
  }

  /** The number of bytes that have been written, sent or not. */
  get offset(): number {
    return this.#sent + this.#length
  }

  writeValue<A>(grammar: Grammar<A>, value: A): TaskEither<Issue, void> {
    return () => {
      if (this.#failure !== null) {
        return this.#settle()
      }
      const { offset } = this
      const written = this.#plans.write(grammar, value, (bytes) => {
        this.#append(bytes)
      })
      return isLeft(written)
        ? Promise.resolve(left({ ...written.left, offset: offset + written.left.offset }))
        : this.#settle()
    }
  }

  /** Raw bytes, without length and padding. `Unrepresentable` if their buffer is detached. */
  writeRaw(bytes: Uint8Array): TaskEither<Issue, void> {
    expectBytes('what writeRaw writes', bytes)
    return () => {
      if (this.#failure === null) {
        try {
          this.#append(bytes)
        } catch (error) {
          return Promise.resolve(left(unreadable(this.offset, error)))
        }
      }
      return this.#settle()
    }
  }

  flush(): TaskEither<Issue, void> {
    return () => {
      if (this.#failure === null) {
        this.#send()
        this.#then(() => this.#sink.flush?.())
      }
      return this.#settle()
    }
  }

  override get promises(): NixWriterPromises {
    this.#promises ??= { ...super.promises, writeRaw: (bytes) => settled(this.writeRaw(bytes)) }
    return this.#promises
  }

  protected writeText(text: string): TaskEither<Issue, void> {
    return this.writeValue(utf8, text)
  }

  /** What fits goes into the buffer; what is larger than the buffer goes past it. */
  #append(bytes: Uint8Array): void {
    if (this.#length + bytes.length > this.#most) {
      this.#send()
    }
    if (bytes.length > this.#most) {
      this.#pass(bytes.slice())
      return
    }
    this.#reserve(bytes.length)
    this.#buffer.set(bytes, this.#length)
    this.#length += bytes.length
  }

  #reserve(more: number): void {
    const needed = this.#length + more
    if (needed > this.#buffer.length) {
      this.#buffer = grown(this.#buffer, this.#length, needed, { least: firstBufferSize, most: this.#most })
    }
  }

  #send(): void {
    if (this.#length > 0) {
      const chunk = this.#buffer.slice(0, this.#length)
      this.#length = 0
      this.#pass(chunk)
    }
  }

  #pass(chunk: Uint8Array): void {
    this.#sent += chunk.length
    this.#then(() => this.#sink.write(chunk))
  }

  /** Does something with the sink: now, or behind what it is busy with. */
  #then(act: () => void | Promise<void>): void {
    const before = this.#busy
    let busy: void | Promise<void>
    if (before === null) {
      try {
        busy = act()
      } catch (cause) {
        this.#failure ??= { cause }
        return
      }
    } else {
      busy = before.then(() => (this.#failure === null ? act() : undefined))
    }
    if (busy !== undefined) {
      this.#watch(busy)
    }
  }

  #watch(busy: Promise<void>): void {
    const watched: Promise<void> = busy
      .catch((cause: unknown) => {
        this.#failure ??= { cause }
      })
      .then(() => {
        if (this.#busy === watched) {
          this.#busy = null
        }
      })
    this.#busy = watched
  }

  /** Waits until the sink is ready for more. */
  async #settle(): Promise<Either<Issue, void>> {
    while (this.#busy !== null && this.#failure === null) {
      await this.#busy
    }
    return this.#failure === null ? right(undefined) : left(this.#issue(this.#failure.cause))
  }

  #issue(cause: unknown): Issue {
    if (cause instanceof IssueError) {
      return cause.issue
    }
    return {
      _tag: 'SinkFailed',
      offset: this.#sent,
      path: [],
      expected: 'a sink that takes bytes',
      actual: messageOf(cause),
      grammar: 'stream',
      cause,
    }
  }
}
