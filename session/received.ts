import { none, type Option, some } from 'fp-ts/lib/Option.js'
import { decodeEscaped } from '../bytes/escaped.js'
import { hexOf } from '../bytes/hex.js'
import type { FieldPath } from '../combinators/issue.js'
import type { FlowedEvent } from '../conversation/events.js'
import type { Feed } from '../conversation/machine/feed.js'
import { Meter } from '../conversation/machine/meter.js'
import type { ExportInfo } from '../grammar/export.js'
import type { PathInfoWithProvenance } from '../grammar/operations/dialects.js'
import type { Stream } from '../grammar/operations/operation.js'
import type { Tally } from './archive.js'
import type { AddedPath, ContentSummary, ExportedPath, NarSummary, StreamSummary } from './events.js'
import { Kept } from './kept.js'
import type { NewSha256 } from './sha256.js'

/** The limits of the kept part of a content. */
interface Keeping {
  /** The most items of a list. */
  readonly keep: number
  /** The most bytes of those items. */
  readonly keepBytes: number
  readonly sha256: NewSha256
}

const headSize = 4096

/** Measures a build log, and keeps its beginning. */
class LogMeter extends Meter {
  readonly #head = new Uint8Array(headSize)
  #lines = 0
  #last = 0x0a

  constructor() {
    super(null)
  }

  override push(bytes: Uint8Array): void {
    if (this.size < headSize) {
      this.#head.set(bytes.subarray(0, headSize - this.size), this.size)
    }
    super.push(bytes)
    for (let at = bytes.indexOf(0x0a); at !== -1; at = bytes.indexOf(0x0a, at + 1)) {
      this.#lines++
    }
    this.#last = bytes[bytes.length - 1] ?? this.#last
  }

  get content(): ContentSummary {
    const { size } = this
    const head = decodeEscaped(this.#head.subarray(0, Math.min(size, headSize)))
    return { _tag: 'Log', size, lines: this.#lines + (this.#last === 0x0a ? 0 : 1), head }
  }
}

/** The part of an operation's stream that has come. */
export class Received {
  readonly #stream: Stream
  readonly #keeping: Keeping
  /** Measures a stream in frames or pieces; null for a raw one. */
  #carried: Meter | null = null
  #logMeter: LogMeter | null = null
  /** For a raw stream: its feed, and where it begins. */
  #raw: { readonly feed: Feed; readonly start: number } | null = null
  #content: Option<ContentSummary> = none
  /** The number of content bytes that were read. */
  #taken = 0
  /** Where the current part began. */
  #began = 0
  /** The index of the current item. */
  #index = -1
  #count: number | null = null
  #added: PathInfoWithProvenance | null = null
  #nar: NarSummary | null = null
  readonly #paths: Kept<AddedPath>
  readonly #exports: Kept<ExportedPath>

  constructor(stream: Stream, keeping: Keeping) {
    this.#stream = stream
    this.#keeping = keeping
    this.#paths = new Kept(keeping.keep, keeping.keepBytes)
    this.#exports = new Kept(keeping.keep, keeping.keepBytes)
  }

  get stream(): Stream {
    return this.#stream
  }

  /** Whether it is a raw download. */
  get isRawDownload(): boolean {
    const { way, direction } = this.#stream
    return way === 'raw' && direction === 'download'
  }

  /** A raw stream begins here. */
  beginRaw(feed: Feed): void {
    this.#raw = { feed, start: feed.offset }
  }

  /** The meter of the bytes with this key. */
  meter(within: ReadonlyArray<string>): Meter {
    if (within.length === 0 && this.#raw === null) {
      this.#carried = new Meter(null)
      return this.#carried
    }
    if (this.#stream.content === 'Log') {
      this.#logMeter = new LogMeter()
      return this.#logMeter
    }
    return new Meter(this.#keeping.sha256())
  }

  /** A message inside the stream begins. */
  begin(key: string, offset: number): void {
    if (key === 'added' || key === 'mark') {
      this.#index++
      this.#began = offset
    }
  }

  /** A message inside the stream has been read, up to here. */
  take(key: string, value: unknown, offset: number): void {
    this.#taken = offset
    switch (key) {
      case 'count':
        this.#count = value as number
        this.#checkCount(0)
        break
      case 'added':
        this.#added = value as PathInfoWithProvenance
        break
      case 'mark':
        if (value === 0n) {
          const { items, omitted } = this.#exports
          this.#content = some({ _tag: 'ImportPaths', paths: items, omitted })
        }
        break
      case 'exportInfo':
        this.#exported(value as ExportInfo, offset)
        break
    }
  }

  #exported(info: ExportInfo, offset: number): void {
    const nar = this.#nar
    if (nar === null) {
      throw new Error('an export has no archive')
    }
    if (this.#stream.content === 'ExportPath') {
      this.#content = some({ _tag: 'ExportPath', path: { info, nar } })
    } else {
      this.#exports.add({ info, nar }, offset - this.#began - nar.size)
    }
  }

  /** Bytes have passed. */
  flowed({ key, within, size, digest, summary }: FlowedEvent): void {
    if (within.length === 0 && this.#raw === null) {
      return
    }
    if (this.#logMeter !== null) {
      this.#content = some(this.#logMeter.content)
      this.#taken = size
      return
    }
    const sha256 = hexOf(digest ?? new Uint8Array())
    if (summary === undefined) {
      this.#taken = size
      this.#content = this.#stream.content === 'Dump' ? some({ _tag: 'File', size, sha256 }) : none
      return
    }
    const before = this.#taken
    this.#taken += size
    const nar: NarSummary = { size, sha256, ...(summary as Tally) }
    if (key !== 'nar') {
      this.#content = some({ _tag: 'Nar', ...nar })
    } else if (this.#added !== null) {
      this.#paths.add({ ...this.#added, nar }, before - this.#began)
      this.#checkCount(this.#index + 1)
    } else {
      this.#nar = nar
    }
  }

  #checkCount(count: number): void {
    if (count === this.#count) {
      const { items, omitted } = this.#paths
      this.#content = some({ _tag: 'AddMultipleToStore', paths: items, omitted })
    }
  }

  get summary(): StreamSummary {
    const { direction, way, content: expected } = this.#stream
    const content = this.#content
    const raw = this.#raw
    if (raw !== null) {
      const size = raw.feed.offset - raw.start
      return { direction, way, expected, pieces: 1, size, content, trailing: 0 }
    }
    const { size, pieces } = this.#carried ?? { size: 0, pieces: 0 }
    const trailing = content._tag === 'Some' ? size - this.#taken : 0
    return { direction, way, expected, pieces, size, content, trailing }
  }

  /** The path of a part inside the stream, in the form of events. */
  pathOf([key, ...rest]: FieldPath): FieldPath {
    const index = this.#stream.content === 'ExportPath' ? [] : [Math.max(this.#index, 0)]
    switch (key) {
      case 'added':
        return [...index, 'info', ...rest]
      case 'nar':
        return [...index, 'nar', ...rest]
      case 'exportInfo':
        return [...index, ...rest]
      case 'content':
      case 'count':
      case 'mark':
        return rest
      default:
        return key === undefined ? [] : [key, ...rest]
    }
  }

  get index(): number {
    return this.#index
  }
}
