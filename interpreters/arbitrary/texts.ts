import type fc from 'fast-check'
import { isRight } from 'fp-ts/lib/Either.js'
import { encodeEscaped } from '../../bytes/escaped.js'
import type { TextNode } from '../../combinators/node.js'
import type { Protocol } from '../../combinators/protocol.js'
import type { TextFormat } from '../../combinators/text-format.js'
import { bounded } from './edged.js'
import type { Growth } from './growth.js'
import { plainTexts } from './leaves.js'
import { NoValues } from './no-values.js'
import { patternTexts } from './patterns.js'
import { options } from './structures.js'
import { textMaker } from './text-maker.js'

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** The source of texts in a protocol. */
export class Texts {
  readonly #protocol: Protocol
  readonly #formats: { readonly [format: string]: fc.Arbitrary<unknown> }
  readonly #growth: Growth

  constructor(
    given: Protocol,
    formats: { readonly [format: string]: fc.Arbitrary<unknown> },
    growth: Growth,
  ) {
    this.#protocol = given
    this.#formats = formats
    this.#growth = growth
  }

  /** Values of a text. */
  values(node: TextNode): fc.Arbitrary<unknown> {
    const { format, limit } = node
    if (format === null) {
      return plainTexts(node, this.#growth)
    }
    const values = this.#formatted(format)
    const fitting =
      limit === undefined
        ? values
        : bounded(
            values,
            (value) => this.#textOf(format, value).length <= limit,
            `no text of ${format.name} within its limit`,
          )
    return node.optional ? options(fitting) : fitting
  }

  #formatted(format: TextFormat<unknown>): fc.Arbitrary<unknown> {
    const supplied = Object.hasOwn(this.#formats, format.name) ? this.#formats[format.name] : undefined
    if (supplied !== undefined) {
      return supplied
    }
    if (format.pattern !== undefined) {
      return patternTexts(format.pattern, this.#protocol, this.#growth)
    }
    if (format.texts === undefined) {
      throw new NoValues(
        `the text format ${format.name} has neither pattern nor texts, from which values are made`,
        `give it texts, as in { texts: (make) => make.oneOf('a', 'b') }, or supply { formats: { ${format.name}: … } }`,
      )
    }
    return format.texts(textMaker(this.#protocol, this.#growth), this.#protocol).map(
      (text) => this.#parsed(format, text),
      (value) => decoder.decode(this.#textOf(format, value)),
    )
  }

  #parsed(format: TextFormat<unknown>, text: string): unknown {
    const parsed = format.parse(text, this.#protocol)
    if (isRight(parsed)) {
      return parsed.right
    }
    throw new TypeError(
      `the text format ${format.name} rejects ${JSON.stringify(text)}, which is one of its texts`,
    )
  }

  #textOf(format: TextFormat<unknown>, value: unknown): Uint8Array {
    const printed = format.print(value, this.#protocol)
    if (isRight(printed)) {
      return encodeEscaped(printed.right)
    }
    throw new TypeError(`not ${format.summary}`)
  }
}
