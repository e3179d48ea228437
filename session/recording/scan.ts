import { Window } from '../../bytes/window.js'
import type { FieldPath, Issue, PlainIssue } from '../../combinators/issue.js'

/** The file is invalid; reading ends there. */
export class Damage extends Error {
  readonly issue: Issue

  constructor(issue: Issue) {
    super(issue.expected)
    this.issue = issue
  }
}

/** Waits until that many bytes are there. */
export type Scanning<A> = Generator<number, A, void>

/** The bytes and numbers of a file, read as it comes, in either byte order. */
export class Scan {
  littleEndian = true
  /** Where the last block or packet began. */
  start = -1
  readonly window = new Window(4096)

  get offset(): number {
    return this.window.offset
  }

  /** A block or a packet begins here. */
  begin(): number {
    this.start = this.offset
    return this.start
  }

  /** That many bytes: a view, valid until the next read. */
  *bytes(count: number): Scanning<Uint8Array> {
    yield count
    const { window } = this
    const bytes = window.bytes.subarray(window.pos, window.pos + count)
    window.pos += count
    return bytes
  }

  *u32(): Scanning<number> {
    return this.u32In(yield* this.bytes(4), 0)
  }

  u16In(bytes: Uint8Array, at: number): number {
    return viewOf(bytes).getUint16(at, this.littleEndian)
  }

  u32In(bytes: Uint8Array, at: number): number {
    return viewOf(bytes).getUint32(at, this.littleEndian)
  }

  /** Skips bytes without buffering them. */
  *skip(count: number): Scanning<void> {
    for (let left = count; left > 0; ) {
      yield 1
      const { window } = this
      const passed = Math.min(left, window.unread)
      window.pos += passed
      left -= passed
    }
  }
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

const grammar = 'capture'

export const damage = (
  _tag: PlainIssue['_tag'],
  offset: number,
  path: FieldPath,
  expected: string,
  actual: string,
): Damage => new Damage({ _tag, offset, path, expected, actual, grammar })

export const tooLarge = (
  limit: 'string' | 'collection',
  offset: number,
  path: FieldPath,
  maximum: number,
  actual: string,
): Damage =>
  new Damage({
    _tag: 'LimitExceeded',
    offset,
    path,
    expected: `at most ${maximum}`,
    actual,
    grammar,
    limit,
    maximum,
  })

/** The file ends in the middle of a block. */
export const cutOff = (offset: number, missing: number): Issue => ({
  _tag: 'UnexpectedEnd',
  offset,
  path: [],
  expected: 'the rest of a block',
  actual: 'the end of the file',
  grammar,
  missing,
})
