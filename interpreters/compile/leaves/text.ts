import { type Either, isLeft, left } from 'fp-ts/lib/Either.js'
import { none, type Option, some } from 'fp-ts/lib/Option.js'
import type { TextNode } from '../../../combinators/node.js'
import type { Protocol } from '../../../combinators/protocol.js'
import type { TextFormat, TextIssue, TextPiece } from '../../../combinators/text-format.js'
import { refuse, refuseText, show } from '../fault.js'
import type { Input } from '../input.js'
import type { Settings } from '../options.js'
import type { Output } from '../output.js'
import type { Leaf } from '../plan.js'
import { type Recogniser, recogniser } from '../recogniser.js'
import { escapeBytes, strings, unescapeBytes } from '../strings.js'
import { compareUtf8, validUpTo } from '../utf8.js'
import { compareBytes } from './bytes.js'
import { checkLength, closePadded, paddingOf, readPadded } from './padded.js'

/** Reads the content `[start, end)` of a text whose frame is read already; `end` is not the end of the input. */
type ReadContent = (input: Input, start: number, end: number) => unknown

const isAscii = (bytes: Uint8Array, start: number, end: number): boolean => {
  let all = 0
  for (let at = start; at < end; at++) {
    all |= bytes[at]!
  }
  return all < 0x80
}

// From about this length on the native decoder's own check is faster than a loop.
const shortText = 130

const readUtf8 = (input: Input, start: number, end: number): string => {
  const { bytes } = input
  if (end - start < shortText && isAscii(bytes, start, end)) {
    return strings.fromAscii(bytes, start, end)
  }
  const text = strings.fromUtf8(bytes, start, end)
  if (text === null) {
    const bad = validUpTo(bytes, start, end)
    const actual = `0x${bytes[bad]!.toString(16)}`
    return refuseText(input, 'NotUtf8', input.base + start, bad - start, 'UTF-8', actual)
  }
  return text
}

const readEscaped: ReadContent = ({ bytes }, start, end) => {
  if (end - start < shortText && isAscii(bytes, start, end)) {
    return strings.fromAscii(bytes, start, end)
  }
  return strings.fromUtf8(bytes, start, end) ?? escapeBytes(bytes, start, end)
}

/** The slow way: the format decides, and says where a text fails. */
const parseContent = (format: TextFormat<unknown>, protocol: Protocol, canonical: boolean): ReadContent => {
  const { parse, print } = format
  return (input, start, end) => {
    const text = readUtf8(input, start, end)
    const parsed = parse(text, protocol)
    if (isLeft(parsed)) {
      const { position, expected, actual } = parsed.left
      return refuseText(input, 'InvalidText', input.base + start, position, expected, actual)
    }
    if (canonical) {
      const printed = print(parsed.right, protocol)
      if (isLeft(printed) || printed.right !== text) {
        const expected = isLeft(printed) ? printed.left.expected : show(printed.right)
        refuse(input, 'NotCanonical', input.base + start, expected, show(text))
      }
    }
    return parsed.right
  }
}

const contentReader = (
  { encoding, format }: TextNode,
  recognise: Recogniser | null,
  protocol: Protocol,
  canonical: boolean,
): ReadContent => {
  if (format === null) {
    return encoding === 'utf8' ? readUtf8 : readEscaped
  }
  const decide = parseContent(format, protocol, canonical)
  return recognise === null
    ? decide
    : (input, start, end) =>
        recognise(input.bytes, input.view, start, end)
          ? strings.fromAscii(input.bytes, start, end)
          : decide(input, start, end)
}

/** Writes a string as padded UTF-8; returns how many bytes of content it took. */
const writeUtf8 = (output: Output, value: unknown, limit: number): number => {
  if (typeof value !== 'string') {
    return refuse(output, 'Unrepresentable', output.pos - output.start, 'a string', show(value))
  }
  // Three bytes a unit are enough for any string; where that is too much to ask for, count.
  const most = value.length * 3
  const room = most <= 3072 && output.fits(16 + most) ? most : strings.byteLength(value)
  checkLength(output, room === most ? value.length : room, limit)
  output.reserve(8 + room + paddingOf(room))
  const length = strings.write(output.bytes, value, output.pos + 8)
  if (length !== value.length) {
    checkLength(output, length, limit)
    if (!value.isWellFormed()) {
      const expected = 'a string without lone surrogates'
      refuse(output, 'Unrepresentable', output.pos - output.start, expected, show(value))
    }
  }
  closePadded(output, length)
  return length
}

type WriteContent = (output: Output, value: unknown) => void

const writeEscaped =
  (limit: number): WriteContent =>
  (output, value) => {
    if (typeof value !== 'string' || value.isWellFormed()) {
      writeUtf8(output, value, limit)
      return
    }
    const bytes = unescapeBytes(value)
    if (bytes === null) {
      const expected = 'a string whose lone surrogates stand for bytes that are not UTF-8'
      return refuse(output, 'Unrepresentable', output.pos - output.start, expected, show(value))
    }
    checkLength(output, bytes.length, limit)
    output.reserve(8 + bytes.length + paddingOf(bytes.length))
    output.bytes.set(bytes, output.pos + 8)
    closePadded(output, bytes.length)
  }

/** A value that is the text itself: written, then recognised on the bytes just written. */
const writeText = (
  format: TextFormat<unknown>,
  recognise: Recogniser | null,
  protocol: Protocol,
  limit: number,
): WriteContent => {
  return (output, value) => {
    const pos = output.pos
    const length = writeUtf8(output, value, limit)
    if (recognise === null || !recognise(output.bytes, output.view, pos + 8, pos + 8 + length)) {
      output.pos = pos
      checkText(output, format, protocol, value as string)
      output.pos = pos + 8 + length + paddingOf(length)
    }
  }
}

const checkText = (output: Output, format: TextFormat<unknown>, protocol: Protocol, text: string): void => {
  const parsed = format.parse(text, protocol)
  const offset = output.pos + 8 - output.start
  if (isLeft(parsed)) {
    const { position, expected, actual } = parsed.left
    refuseText(output, 'InvalidText', offset, position, expected, actual)
  }
  const printed = format.print(parsed.right, protocol)
  if (isLeft(printed) || printed.right !== text) {
    refuse(
      output,
      'NotCanonical',
      offset,
      isLeft(printed) ? printed.left.expected : show(printed.right),
      show(text),
    )
  }
}

/** A format's `print` takes the type of its value for granted; what it trips over is not of that type. */
const printAny = (
  format: TextFormat<unknown>,
  protocol: Protocol,
  value: unknown,
): Either<TextIssue, string> => {
  try {
    return format.print(value, protocol)
  } catch {
    return left({ position: 0, expected: format.summary, actual: show(value) })
  }
}

/** A structured value: printed; the text must be one that the format reads, or a peer would refuse it. */
const writeStructure =
  (format: TextFormat<unknown>, protocol: Protocol, limit: number): WriteContent =>
  (output, value) => {
    const offset = output.pos - output.start
    if (typeof value !== 'object' || value === null) {
      return refuse(output, 'Unrepresentable', offset, format.summary, show(value))
    }
    const printed = printAny(format, protocol, value)
    if (isLeft(printed)) {
      return refuse(output, 'Unrepresentable', offset, printed.left.expected, printed.left.actual)
    }
    checkText(output, format, protocol, printed.right)
    writeUtf8(output, printed.right, limit)
  }

const contentWriter = (
  { encoding, format }: TextNode,
  recognise: Recogniser | null,
  protocol: Protocol,
  limit: number,
): WriteContent => {
  if (format === null) {
    return encoding === 'escaped'
      ? writeEscaped(limit)
      : (output, value) => {
          writeUtf8(output, value, limit)
        }
  }
  return format.value === 'text'
    ? writeText(format, recognise, protocol, limit)
    : writeStructure(format, protocol, limit)
}

const comparer = ({ encoding, format }: TextNode, protocol: Protocol): Leaf['compare'] => {
  if (format?.compare !== undefined) {
    return format.compare
  }
  if (format?.value === 'structure') {
    const textOf = (value: unknown): string => {
      const printed = format.print(value, protocol)
      return isLeft(printed) ? '' : printed.right
    }
    return (a, b) => compareUtf8(textOf(a), textOf(b))
  }
  if (encoding === 'escaped') {
    const none = new Uint8Array(0)
    return (a, b) => compareBytes(unescapeBytes(a as string) ?? none, unescapeBytes(b as string) ?? none)
  }
  return (a, b) => compareUtf8(a as string, b as string)
}

const optionalLeaf = (leaf: Leaf, readContent: ReadContent, limit: number): Leaf => ({
  wire: 'text',
  min: 8,
  primitive: false,
  compare: (a, b) => {
    const x = a as Option<unknown>
    const y = b as Option<unknown>
    return x._tag === 'Some' && y._tag === 'Some'
      ? leaf.compare(x.value, y.value)
      : Number(x._tag === 'Some') - Number(y._tag === 'Some')
  },
  read: (input) => {
    const length = readPadded(input, limit)
    if (length === 0) {
      return none
    }
    const end = input.pos - paddingOf(length)
    return some(readContent(input, end - length, end))
  },
  write: (output, value) => {
    const option = value as Option<unknown> | null | undefined
    if (option?._tag === 'Some') {
      leaf.write(output, option.value)
    } else if (option?._tag === 'None') {
      output.reserve(8)
      closePadded(output, 0)
    } else {
      refuse(output, 'Unrepresentable', output.pos - output.start, 'an Option (none or some)', show(value))
    }
  },
})

/** Whether what a pattern takes can be made a string byte by byte; a store directory, for one, may be anything. */
const hasAsciiTexts = (pattern: ReadonlyArray<TextPiece>, { storeDir }: Protocol): boolean => {
  const texts = pattern.flatMap((piece) =>
    piece._tag === 'literal'
      ? [piece.text]
      : piece._tag === 'oneOf'
        ? piece.texts
        : piece._tag === 'storeDir'
          ? [storeDir]
          : [],
  )
  return texts.every((text) => strings.byteLength(text) === text.length)
}

export const textLeaf = (node: TextNode, { protocol, limits, canonical, evaluate }: Settings): Leaf => {
  const { format } = node
  const limit = Math.min(node.limit ?? limits.string, limits.string)
  const pattern = format?.pattern
  const recognise =
    pattern === undefined || !hasAsciiTexts(pattern, protocol)
      ? null
      : recogniser(pattern, protocol, evaluate)
  const readContent = contentReader(node, recognise, protocol, canonical)
  const leaf: Leaf = {
    wire: 'text',
    min: 8,
    primitive: format === null || format.value === 'text',
    compare: comparer(node, protocol),
    read: (input) => {
      const length = readPadded(input, limit)
      const end = input.pos - paddingOf(length)
      return readContent(input, end - length, end)
    },
    write: contentWriter(node, recognise, protocol, limit),
  }
  return node.optional ? optionalLeaf(leaf, readContent, limit) : leaf
}
