import { clip, unquoted } from './show.js'

/** A place in a value: field names and indexes, outermost first. */
export type FieldPath = ReadonlyArray<string | number>

/** The names of a decoder's limits. */
export type LimitName = 'string' | 'collection' | 'depth' | 'frame' | 'message'

interface Located {
  /**
   * The byte the issue is about, counted from the start of the message or stream. An integer's first byte; the
   * first content byte of a text that its format, a `refine` or an `imap` rejects; the first byte, which is that of
   * the length, of a text that is a tag, a mark, a constant, a key or an item in the wrong place; the first padding
   * byte that is not zero; for `UnexpectedEnd` the start of the primitive that lacks bytes. When encoding: the place
   * the value would have had.
   */
  readonly offset: number
  readonly path: FieldPath
  readonly expected: string
  readonly actual: string
  /** The name of the grammar that refused. */
  readonly grammar: string
}

/** The input ends before the message does. It is incomplete, not invalid: more bytes may complete it. */
export interface UnexpectedEnd extends Located {
  readonly _tag: 'UnexpectedEnd'
  /** The least number of further bytes needed. */
  readonly missing: number
}

/** A text that breaks the rules of its format. */
export interface InvalidText extends Located {
  readonly _tag: 'InvalidText'
  /** The number of bytes of the text before the invalid place. */
  readonly position: number
}

/** A text that is not UTF-8. */
export interface NotUtf8 extends Located {
  readonly _tag: 'NotUtf8'
  /** The number of bytes of the text before the first that is not UTF-8. */
  readonly position: number
}

/** A length, count or depth over the decoder's limit. */
export interface LimitExceeded extends Located {
  readonly _tag: 'LimitExceeded'
  readonly limit: LimitName
  readonly maximum: number
}

/** The issues that carry nothing beyond their place. */
export interface PlainIssue extends Located {
  readonly _tag:
    | 'NonZeroPadding' // a padding byte is not zero
    | 'OutOfRange' // an integer outside the range of its type
    | 'UnknownTag' // a number or a text that no case has
    | 'UnexpectedValue' // a fixed field with another value
    | 'InvalidValue' // rejected by a `refine` or an `imap`
    | 'DuplicateKey' // a map key or set member that occurred before
    | 'NotCanonical' // valid, but not what the encoder writes
    | 'TrailingBytes' // bytes are left after the end of the message
    | 'FramesEnd' // the frames end before the value inside them
    | 'Unrepresentable' // encoding: the value cannot be written in this protocol
    | 'InvalidJson' // invalid JSON, or a JSON form that no value of the grammar has
    | 'NoSpace' // encoding: the target is too small
}

/** The source, the sink or a handler failed; the bytes themselves may be fine. */
export interface StreamFailure extends Located {
  readonly _tag:
    | 'SourceFailed' // reading from the source failed
    | 'SinkFailed' // writing to the sink failed
    | 'HandlerFailed' // a handler of a server threw an error
    | 'Aborted' // an AbortSignal aborted it
  /** What was thrown, or the signal's reason. */
  readonly cause: unknown
}

/** What is wrong with bytes or with a value, as plain data. {@link showIssue} prints it. */
export type Issue = UnexpectedEnd | InvalidText | NotUtf8 | LimitExceeded | PlainIssue | StreamFailure

export type IssueTag = Issue['_tag']

/** The most steps shown at the start and at the end of a path. */
const mostSteps = 32

// A step may be a key from the data.
const showSteps = (steps: FieldPath): string =>
  steps
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${unquoted(clip(step, longestStep))}`))
    .join('')

/** A path as text, such as `references[3]`. The empty path is `(top level)`; a long path is shortened in its middle. */
export const showFieldPath = (path: FieldPath): string => {
  if (path.length === 0) {
    return '(top level)'
  }
  const shown =
    path.length > 2 * mostSteps
      ? `${showSteps(path.slice(0, mostSteps))}…${showSteps(path.slice(-mostSteps))}`
      : showSteps(path)
  return shown.startsWith('.') ? shown.slice(1) : shown
}

export const longestStep = 60

/**
 * An issue on one line.
 *
 * ```ts
 * import { compile, showIssue } from 'nix-wire'
 * import { Bool64 } from 'nix-wire/grammar'
 *
 * const result = compile(Bool64, {}).decode(new Uint8Array(3))
 * result._tag === 'Left' && showIssue(result.left)
 * // => 'UnexpectedEnd at byte 0, (top level), in Bool64: expected 8 bytes, got 3 bytes'
 * ```
 */
export const showIssue = (issue: Issue): string => {
  const inside = 'position' in issue ? ` (byte ${issue.position} of the text)` : ''
  return (
    `${issue._tag} at byte ${issue.offset}, ${showFieldPath(issue.path)}, in ${clip(issue.grammar, longestStep)}: ` +
    `expected ${clip(issue.expected)}, got ${clip(issue.actual)}${inside}`
  )
}
