import type { Code } from '../code.js'
import { bytesOutside, codesOf, pairsOutside } from './byte-tables.js'
import type { KnownPattern } from './recogniser.js'
import type { KnownPiece, Step } from './steps.js'

/**
 * A pattern as straight code: literals compared word by word, characters looked up two at a time. It does the same as
 * the steps one after another, and calls those it cannot improve.
 *
 * In the code around it, `bytes` and `view` show the bytes, and the text ends at `end`; `then` is run for a text of the
 * pattern. For another text, execution continues after the code.
 */
export const addPieces = (code: Code, { pieces, steps }: KnownPattern, start: string, then: string): void => {
  const least = sum(pieces.map((piece) => lengths(piece).min))
  const most = sum(pieces.map((piece) => lengths(piece).max))
  const size = `end - ${start}`
  code.add(
    'text: {',
    `if (${size} < ${least}${Number.isFinite(most) ? ` || ${size} > ${most}` : ''}) break text`,
  )
  code.add(`let at = ${start}, outside = 0`)
  const writer = new PieceWriter(code)
  let fixed = true
  pieces.forEach((piece, i) => {
    writer.piece(piece, steps[i]!, fixed, i === pieces.length - 1)
    const { min, max } = lengths(piece)
    fixed &&= min === max
  })
  code.add('if (at !== end) break text', then, '}')
}

const sum = (numbers: ReadonlyArray<number>): number => numbers.reduce((a, b) => a + b, 0)

const lengths = (piece: KnownPiece): { readonly min: number; readonly max: number } => {
  switch (piece._tag) {
    case 'literal': {
      const { length } = codesOf(piece.text)
      return { min: length, max: length }
    }
    case 'chars':
      return piece
    case 'unless':
      return { min: 0, max: 0 }
    case 'oneOf': {
      const each = piece.texts.map((text) => codesOf(text).length)
      return { min: Math.min(...each), max: Math.max(...each) }
    }
    case 'base64':
      return { min: 4, max: Number.POSITIVE_INFINITY }
  }
}

class PieceWriter {
  readonly #code: Code

  constructor(code: Code) {
    this.#code = code
  }

  /** `sure`: whether the length checked at the start guarantees that this piece is within the text. */
  piece(piece: KnownPiece, step: Step, sure: boolean, last: boolean): void {
    switch (piece._tag) {
      case 'literal':
        this.#literal(codesOf(piece.text), sure)
        return
      case 'chars':
        if (piece.min === piece.max) {
          this.#exactly(piece.alphabet, piece.min, sure)
        } else if (last) {
          this.#toTheEnd(piece.alphabet, piece.min, piece.max)
        } else {
          this.#call(step)
        }
        return
      case 'unless':
        this.#unless([...piece.whole, ...piece.starts], step)
        return
      case 'oneOf':
      case 'base64':
        this.#call(step)
        return
    }
  }

  #literal(text: Uint8Array, sure: boolean): void {
    const view = new DataView(text.buffer, text.byteOffset, text.length)
    const tests = sure ? [] : [`end - at < ${text.length}`]
    let at = 0
    for (; at + 4 <= text.length; at += 4) {
      tests.push(`view.getUint32(at + ${at}, true) !== ${view.getUint32(at, true)}`)
    }
    for (; at < text.length; at++) {
      tests.push(`bytes[at + ${at}] !== ${text[at]}`)
    }
    this.#code.add(`if (${tests.join(' || ') || 'false'}) break text`, `at += ${text.length}`)
  }

  #exactly(alphabet: string, count: number, sure: boolean): void {
    if (!sure) {
      this.#code.add(`if (end - at < ${count}) break text`)
    }
    this.#scan(alphabet, String(count))
  }

  #toTheEnd(alphabet: string, min: number, max: number): void {
    this.#code.add(`if (end - at < ${min} || end - at > ${max}) break text`)
    this.#scan(alphabet, 'end - at')
  }

  #scan(alphabet: string, count: string): void {
    const pairs = this.#code.use(pairsOutside(alphabet), 'pairs')
    const single = this.#code.use(bytesOutside(alphabet), 'single')
    this.#code.add(
      '{',
      `const count = ${count}`,
      `for (const stop = at + (count & ~1); at < stop; at += 2) outside |= ${pairs}[view.getUint16(at, true)]`,
      `if ((count & 1) === 1) outside |= ${single}[bytes[at++]]`,
      'if (outside !== 0) break text',
      '}',
    )
  }

  /** The step is called only if the first byte does not decide. */
  #unless(texts: ReadonlyArray<string>, step: Step): void {
    const firsts = new Set(texts.map((text) => codesOf(text)[0]))
    const tests = [...firsts].map((first) => (first === undefined ? 'true' : `bytes[at] === ${first}`))
    const call = `${this.#code.use(step, 'step')}(bytes, view, at, end) < 0`
    this.#code.add(`if ((${tests.join(' || ') || 'false'}) && ${call}) break text`)
  }

  #call(step: Step): void {
    this.#code.add(`at = ${this.#code.use(step, 'step')}(bytes, view, at, end)`, 'if (at < 0) break text')
  }
}
