import { isLeft } from 'fp-ts/lib/Either.js'
import { none, type Option, some } from 'fp-ts/lib/Option.js'
import { compareTexts } from '../../../bytes/order.js'
import { paddingOf } from '../../../bytes/padding.js'
import { strings } from '../../../bytes/strings.js'
import { nodeName, type TextNode } from '../../../combinators/node.js'
import type { Protocol } from '../../../combinators/protocol.js'
import type { TextPiece } from '../../../combinators/text-format.js'
import * as words from '../../../combinators/words.js'
import { refuse, show } from '../fault.js'
import type { Settings } from '../options.js'
import type { Read } from '../plan.js'
import { knownPattern, recogniser } from '../recogniser/recogniser.js'
import type { Leaf } from './leaf.js'
import { closePadded, readPadded } from './padded.js'
import { generateTextReader, generateTextWriter } from './text-code.js'
import { contentReader, copied, type ReadContent, sliced } from './text-reader.js'
import { contentWriter } from './text-writer.js'

const comparer = ({ format }: TextNode, protocol: Protocol): Leaf['compare'] => {
  if (format?.compare !== undefined) {
    return format.compare
  }
  if (format?.value === 'structure') {
    const textOf = (value: unknown): string => {
      const printed = format.print(value, protocol)
      return isLeft(printed) ? '' : printed.right
    }
    return (a, b) => compareTexts(textOf(a), textOf(b))
  }
  return (a, b) => compareTexts(a as string, b as string)
}

const optionalLeaf = (leaf: Leaf): Leaf => ({
  ...leaf,
  primitive: false,
  bytewise: false,
  compare: (a, b) => {
    const x = a as Option<unknown>
    const y = b as Option<unknown>
    return x._tag === 'Some' && y._tag === 'Some'
      ? leaf.compare(x.value, y.value)
      : Number(x._tag === 'Some') - Number(y._tag === 'Some')
  },
  write: (output, value) => {
    const option = value as Option<unknown> | null | undefined
    if (option?._tag === 'Some') {
      leaf.write(output, option.value)
    } else if (option?._tag === 'None') {
      output.reserve(8)
      closePadded(output, 0)
    } else {
      refuse(output, 'Unrepresentable', output.pos - output.start, words.anOption, show(value))
    }
  },
})

/**
 * Whether the texts of a pattern are ASCII, so that a string can be made byte by byte; a store directory, for one, may
 * contain anything.
 */
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

const readerOf = (limit: number, optional: boolean, readContent: ReadContent): Read =>
  optional
    ? (input) => {
        const length = readPadded(input, limit)
        const end = input.pos - paddingOf(length)
        return length === 0 ? none : some(readContent(input, end - length, end))
      }
    : (input) => {
        const length = readPadded(input, limit)
        const end = input.pos - paddingOf(length)
        return readContent(input, end - length, end)
      }

export const textLeaf = (node: TextNode, settings: Settings): Leaf => {
  const { protocol, limits, canonical, slices, evaluate } = settings
  const { format, optional } = node
  const limit = Math.min(node.limit ?? limits.string, limits.string)
  const known =
    format?.pattern === undefined || !hasAsciiTexts(format.pattern, protocol)
      ? null
      : knownPattern(format.pattern, protocol)
  const recognise = known === null ? null : recogniser(known)
  const ascii = slices ? sliced : copied
  const decideReading = contentReader(node, ascii, protocol, canonical)
  const decideWriting = contentWriter(node, recognise, protocol, canonical, limit)
  const generated = evaluate && (format === null || known !== null)
  const code = { name: nodeName(node), limit, pattern: known, making: settings }
  const readContent: ReadContent =
    recognise === null
      ? decideReading
      : (input, start, end) =>
          recognise(input.bytes, input.view, start, end)
            ? ascii(input, start, end)
            : decideReading(input, start, end)
  const leaf: Leaf = {
    wire: 'text',
    min: 8,
    primitive: format === null || format.value === 'text',
    bytewise: format?.compare === undefined,
    compare: comparer(node, protocol),
    read: generated
      ? generateTextReader({ ...code, optional }, slices ? sliced : null, decideReading)
      : readerOf(limit, optional, readContent),
    write: generated ? generateTextWriter(code, decideWriting) : decideWriting,
  }
  return optional ? optionalLeaf(leaf) : leaf
}
