import { type Either, isLeft, left } from 'fp-ts/lib/Either.js'
import { escapedBytes } from '../../../bytes/escaped.js'
import { paddingOf } from '../../../bytes/padding.js'
import { strings } from '../../../bytes/strings.js'
import type { TextNode } from '../../../combinators/node.js'
import type { Protocol } from '../../../combinators/protocol.js'
import { parserOf, type TextFormat, type TextIssue } from '../../../combinators/text-format.js'
import * as words from '../../../combinators/words.js'
import { refuse, refuseText, show } from '../fault.js'
import type { Output } from '../output.js'
import type { Write } from '../plan.js'
import type { Recogniser } from '../recogniser/recogniser.js'
import { checkLength, closePadded } from './padded.js'

/** Writes a string as padded UTF-8; returns the number of content bytes. */
const writeUtf8 = (output: Output, value: unknown, limit: number): number => {
  if (typeof value !== 'string') {
    return refuse(output, 'Unrepresentable', output.pos - output.start, words.aString, show(value))
  }
  // Three bytes for each unit are enough for any string; if that much room is not available, count.
  const most = value.length * 3
  const room = most <= 3072 && output.fits(16 + most) ? most : strings.byteLength(value)
  checkLength(output, room === most ? value.length : room, limit)
  output.reserve(8 + room + paddingOf(room))
  const length = strings.write(output.bytes, value, output.pos + 8)
  if (length !== value.length) {
    checkLength(output, length, limit)
    if (!value.isWellFormed()) {
      refuse(output, 'Unrepresentable', output.pos - output.start, words.wellFormed, show(value))
    }
  }
  closePadded(output, length)
  return length
}

/** Writes a string as padded bytes, as {@link writeUtf8} does. */
type WriteString = typeof writeUtf8

const writeEscaped: WriteString = (output, value, limit) => {
  if (typeof value !== 'string' || value.isWellFormed()) {
    return writeUtf8(output, value, limit)
  }
  const bytes = escapedBytes(value)
  if (bytes === null) {
    return refuse(output, 'Unrepresentable', output.pos - output.start, words.escapedText, show(value))
  }
  checkLength(output, bytes.length, limit)
  output.reserve(8 + bytes.length + paddingOf(bytes.length))
  output.bytes.set(bytes, output.pos + 8)
  closePadded(output, bytes.length)
  return bytes.length
}

/** A value that is the text itself: written first, then recognised in the bytes. */
const writeText = (
  write: WriteString,
  check: CheckText,
  recognise: Recogniser | null,
  limit: number,
): Write => {
  return (output, value) => {
    const pos = output.pos
    const length = write(output, value, limit)
    if (recognise === null || !recognise(output.bytes, output.view, pos + 8, pos + 8 + length)) {
      output.pos = pos
      check(output, value as string)
      output.pos = pos + 8 + length + paddingOf(length)
    }
  }
}

/** Rejects a text that the profile would not read, or that the format would write differently. */
type CheckText = (output: Output, text: string) => void

const textCheck = (format: TextFormat<unknown>, protocol: Protocol, canonical: boolean): CheckText => {
  const parse = parserOf(format, canonical)
  return (output, text) => {
    const parsed = parse(text, protocol)
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
}

/** A format's `print` does not check the type of its argument; if it throws, the value has another type. */
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

/** A structured value: printed; the text must be one that the format reads, or a peer would reject it. */
const writeStructure =
  (format: TextFormat<unknown>, check: CheckText, protocol: Protocol, limit: number): Write =>
  (output, value) => {
    const offset = output.pos - output.start
    if (typeof value !== 'object' || value === null) {
      return refuse(output, 'Unrepresentable', offset, format.summary, show(value))
    }
    const plain = format.quick?.print(value)
    if (plain !== undefined) {
      writeUtf8(output, plain, limit)
      return
    }
    const printed = printAny(format, protocol, value)
    if (isLeft(printed)) {
      return refuse(output, 'Unrepresentable', offset, printed.left.expected, printed.left.actual)
    }
    check(output, printed.right)
    writeUtf8(output, printed.right, limit)
  }

/** Writes any value of a text, or rejects it. */
export const contentWriter = (
  { encoding, format }: TextNode,
  recognise: Recogniser | null,
  protocol: Protocol,
  canonical: boolean,
  limit: number,
): Write => {
  const write = encoding === 'escaped' ? writeEscaped : writeUtf8
  if (format === null) {
    return (output, value) => {
      write(output, value, limit)
    }
  }
  const check = textCheck(format, protocol, canonical)
  return format.value === 'text'
    ? writeText(write, check, recognise, limit)
    : writeStructure(format, check, protocol, limit)
}
