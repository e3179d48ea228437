import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import { joined } from '../bytes/joined.js'
import { decodeUtf8 } from '../bytes/utf8.js'
import type { Issue } from '../combinators/issue.js'
import { paddedContent } from '../combinators/wire-bytes.js'
import { examplesOf } from '../interpreters/malformed/text-examples.js'
import type { Format } from './format.js'
import type { Input, Inputs } from './inputs.js'

/** What an input is refused for if no more is known. */
export const otherReason = 'another reason than its form'

/** The most texts of a message that are replaced to make it canonical. */
const mostTexts = 16

const encoder = new TextEncoder()

/**
 * Finds out why a target refuses an acceptable input: because no encoder writes its form, or for another reason. Other
 * inputs, which have the same but not the form, or the same form but not the rest, can tell.
 */
export class Causes<A> {
  readonly #format: Format<A>
  readonly #inputs: Inputs<A>

  constructor(format: Format<A>, inputs: Inputs<A>) {
    this.#format = format
    this.#inputs = inputs
  }

  /**
   * The value of an acceptable input, as it is canonical: a text that the canonical profile refuses becomes an example
   * of its format. Null if there is none.
   */
  canonical(bytes: Uint8Array): A | null {
    const { compatible, canonical } = this.#format
    let read = compatible.decode(bytes)
    for (let i = 0; i < mostTexts && isRight(read); i++) {
      const written = compatible.encode(read.right)
      if (isLeft(written)) {
        return null
      }
      const strict = canonical.decode(written.right)
      if (isRight(strict)) {
        return strict.right
      }
      const format = this.#inputs.texts.get(strict.left.grammar)
      const [example] = format === undefined ? [] : examplesOf(format, this.#format.protocol)
      const other =
        example === undefined ? null : this.#with(written.right, strict.left, () => encoder.encode(example))
      if (other === null) {
        return null
      }
      read = compatible.decode(other.changed)
    }
    return null
  }

  /**
   * What a text that is not strict is refused for, if the target accepts another such text in its place; null if it
   * accepts none, or if there is no such text.
   */
  async other({ bytes, kind }: Input, accepts: (input: Input) => Promise<boolean>): Promise<string | null> {
    const strict = this.#format.canonical.decode(bytes)
    if (isRight(strict) || strict.left._tag !== 'InvalidText') {
      return null
    }
    const replaced = (change: (content: Uint8Array) => Uint8Array) => this.#with(bytes, strict.left, change)
    const plain = replaced((content) => content.map((byte) => (isPlain(byte) ? byte : letter)))
    const short = replaced(() => Uint8Array.of(letter))
    if (plain === null || short === null) {
      return null
    }
    const [plainInput, shortInput] = [plain, short].map(({ changed }) => this.#inputs.judged(changed, kind))
    const isRead = async (input: Input): Promise<boolean> =>
      input.expected.verdict === 'accepts' && (await accepts(input))
    const isPlainRead = !plain.content.every(isPlain) && (await isRead(plainInput!))
    const isOtherRead =
      (isPlainRead && isLax(plainInput!)) || (isLax(shortInput!) && (await isRead(shortInput!)))
    if (!isOtherRead) {
      return null
    }
    return !isPlainRead
      ? otherReason
      : isLeft(decodeUtf8(plain.content))
        ? 'bytes that are not UTF-8'
        : 'characters outside ASCII'
  }

  /** A message with other content in the text that an issue is about; null if there is no such text. */
  #with(
    bytes: Uint8Array,
    { offset, grammar }: Issue,
    change: (content: Uint8Array) => Uint8Array,
  ): { readonly content: Uint8Array; readonly changed: Uint8Array } | null {
    const part = [...this.#format.partsOf(bytes)].findLast(
      (each) => each.start + 8 === offset && each.end >= offset && each.grammar === grammar,
    )
    if (part === undefined) {
      return null
    }
    const { start, end } = part
    const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(start, true)
    const content = bytes.subarray(offset, offset + length)
    const changed = joined([bytes.subarray(0, start), paddedContent(change(content)), bytes.subarray(end)])
    return { content, changed }
  }
}

const letter = 0x78

const isPlain = (byte: number): boolean => byte >= 0x20 && byte < 0x7f

/** Whether an input has a text that is not strict. */
const isLax = ({ expected: { tag } }: Input): boolean => tag === 'InvalidText'
