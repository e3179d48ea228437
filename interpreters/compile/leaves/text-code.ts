import { none, some } from 'fp-ts/lib/Option.js'
import { strings } from '../../../bytes/strings.js'
import { Code, type Making } from '../code.js'
import { type Input, underflow } from '../input.js'
import type { Read, Write } from '../plan.js'
import { addPieces } from '../recogniser/code.js'
import type { KnownPattern } from '../recogniser/recogniser.js'
import { refuseLength, refusePadding } from './padded.js'
import { longText, type MakeString } from './text-reader.js'

/** A text leaf to generate as one function, in which the bytes are checked and converted together. */
interface TextCode {
  readonly name: string
  readonly limit: number
  readonly optional: boolean
  /** The pattern that a text must match; null if any UTF-8 is allowed. */
  readonly pattern: KnownPattern | null
  readonly making: Making
}

/**
 * `decide` handles what the generated code cannot: the text from `start` to `end`, whose length and padding have been
 * read.
 */
export const generateTextReader = (
  { name, limit, optional, pattern, making }: TextCode,
  ascii: MakeString | null,
  decide: (input: Input, start: number, end: number) => unknown,
): Read => {
  const code = new Code(`reads ${name}`, 'input')
  const missing = code.use(underflow, 'underflow')
  const wrap = (value: string): string => (optional ? `${code.use(some, 'some')}(${value})` : value)
  const text =
    ascii === null
      ? `${code.use(strings.fromAscii, 'ascii')}(bytes, start, end)`
      : `${code.use(ascii, 'ascii')}(input, start, end)`
  code.add(
    'const start = input.pos + 8',
    `if (start > input.end) ${missing}(input, 8)`,
    'const view = input.view',
    'const length = view.getUint32(start - 8, true)',
    `if (length > ${code.use(limit, 'limit')} || view.getUint32(start - 4, true) !== 0) {`,
    `${code.use(refuseLength, 'refuseLength')}(input, ${code.use(limit, 'limit')})`,
    '}',
    'const end = start + length, next = end + (-length & 7)',
    `if (next > input.end) ${missing}(input, next - start + 8)`,
    'const bytes = input.bytes',
    `for (let at = end; at < next; at++) if (bytes[at] !== 0) ${code.use(refusePadding, 'refusePadding')}(input, at)`,
    'input.pos = next',
  )
  if (optional) {
    code.add(`if (length === 0) return ${code.use(none, 'none')}`)
  }
  if (pattern === null) {
    // The padding is present and zero, so whole words may be read.
    code.add(
      `if (length < ${longText}) {`,
      'let bits = 0',
      'for (let at = start; at < end; at += 4) bits |= view.getUint32(at, true)',
      `if ((bits & 0x80808080) === 0) return ${wrap(text)}`,
      '}',
    )
  } else {
    addPieces(code, pattern, 'start', `return ${wrap(text)}`)
  }
  code.add(`return ${wrap(`${code.use(decide, 'decide')}(input, start, end)`)}`)
  return code.make(making)
}

/** Up to this length characters are written one by one: a call into the engine costs as much. */
const shortText = 12

/**
 * Writes ASCII texts of the pattern if there is room, after a length of 8 bytes that is not checked further; `decide`
 * writes all others, or rejects them.
 */
export const generateTextWriter = (
  { name, limit, pattern, making }: Omit<TextCode, 'optional'>,
  decide: Write,
): Write => {
  const code = new Code(`writes ${name}`, 'output, value')
  code.add(
    `if (typeof value === 'string' && value.length <= ${code.use(Math.min(limit, 65536), 'most')}) {`,
    'const length = value.length, start = output.pos + 8, bytes = output.bytes',
    'if (start + 3 * length + 8 <= bytes.length) {',
    'const view = output.view, end = start + length, next = end + (-length & 7)',
  )
  const write = `${code.use(strings.write, 'write')}(bytes, value, start)`
  if (pattern === null) {
    code.add(
      'let written = 0',
      `if (length <= ${shortText}) {`,
      'for (let unit = 0; written < length && (unit = value.charCodeAt(written)) < 128; written++) bytes[start + written] = unit',
      '} else {',
      `written = ${write}`,
      '}',
      'if (written === length) {',
    )
  } else {
    code.add(`if (${write} === length) {`)
  }
  const close = [
    'view.setUint32(start - 8, length, true)',
    'view.setUint32(start - 4, 0, true)',
    'for (let at = end; at < next; at++) bytes[at] = 0',
    'output.pos = next',
    'return',
  ]
  if (pattern === null) {
    code.add(...close)
  } else {
    addPieces(code, pattern, 'start', close.join('\n'))
  }
  code.add('}', '}', '}', `${code.use(decide, 'decide')}(output, value)`)
  return code.make(making)
}
