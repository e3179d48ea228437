import { bytesOutside, codesOf, pairsOutside } from './byte-tables.js'
import type { KnownPiece, Step } from './recogniser-steps.js'

/**
 * Whether `bytes[start, end)` is a text of the pattern; `view` shows the same bytes. What it takes is ASCII, so that
 * no further check is needed before the string is made.
 */
export type Recogniser = (bytes: Uint8Array, view: DataView, start: number, end: number) => boolean

/**
 * A recogniser as one straight function: literals compared word by word, characters looked up two at a time. It
 * does what the steps do one after another; those it cannot do better it calls.
 *
 * In the code `b` is the bytes, `v` the view, `p` the place and `e` the end.
 */
export const generateRecogniser = (
  pieces: ReadonlyArray<KnownPiece>,
  steps: ReadonlyArray<Step>,
): Recogniser => {
  const code = new Code()
  const least = sum(pieces.map((piece) => lengths(piece).min))
  const most = sum(pieces.map((piece) => lengths(piece).max))
  code.add(`if (e - p < ${least}${Number.isFinite(most) ? ` || e - p > ${most}` : ''}) return false`)
  let fixed = true
  pieces.forEach((piece, i) => {
    code.piece(piece, steps[i]!, fixed, i === pieces.length - 1)
    const { min, max } = lengths(piece)
    fixed &&= min === max
  })
  return code.make()
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

class Code {
  readonly #lines: Array<string> = []
  readonly #names: Array<string> = []
  readonly #values: Array<unknown> = []

  add(line: string): void {
    this.#lines.push(line)
  }

  /** A name in the code for something outside it. */
  #use(value: unknown): string {
    const known = this.#values.indexOf(value)
    if (known >= 0) {
      return this.#names[known]!
    }
    const name = `x${this.#names.length}`
    this.#names.push(name)
    this.#values.push(value)
    return name
  }

  /** `sure`: whether the length checked at the start is enough for this piece to lie within the text. */
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

  make(): Recogniser {
    const body = ['let bad = 0', ...this.#lines, 'return p === e'].join('\n')
    const source = `'use strict'\nreturn (b, v, p, e) => {\n${body}\n}`
    return new Function(...this.#names, source)(...this.#values) as Recogniser
  }

  #literal(text: Uint8Array, sure: boolean): void {
    const view = new DataView(text.buffer, text.byteOffset, text.length)
    const tests = sure ? [] : [`e - p < ${text.length}`]
    let at = 0
    for (; at + 4 <= text.length; at += 4) {
      tests.push(`v.getUint32(p + ${at}, true) !== ${view.getUint32(at, true)}`)
    }
    for (; at < text.length; at++) {
      tests.push(`b[p + ${at}] !== ${text[at]}`)
    }
    this.add(`if (${tests.join(' || ') || 'false'}) return false`)
    this.add(`p += ${text.length}`)
  }

  #exactly(alphabet: string, count: number, sure: boolean): void {
    if (!sure) {
      this.add(`if (e - p < ${count}) return false`)
    }
    this.#scan(alphabet, String(count))
  }

  #toTheEnd(alphabet: string, min: number, max: number): void {
    this.add(`if (e - p < ${min} || e - p > ${max}) return false`)
    this.#scan(alphabet, 'e - p')
  }

  #scan(alphabet: string, count: string): void {
    const pairs = this.#use(pairsOutside(alphabet))
    const single = this.#use(bytesOutside(alphabet))
    this.add(`{
      const n = ${count}
      for (const q = p + (n & ~1); p < q; p += 2) bad |= ${pairs}[v.getUint16(p, true)]
      if ((n & 1) === 1) bad |= ${single}[b[p++]]
      if (bad !== 0) return false
    }`)
  }

  /** The step is called only where the first byte leaves it open. */
  #unless(texts: ReadonlyArray<string>, step: Step): void {
    const firsts = new Set(texts.map((text) => codesOf(text)[0]))
    const tests = [...firsts].map((first) => (first === undefined ? 'true' : `b[p] === ${first}`))
    this.add(`if ((${tests.join(' || ') || 'false'}) && ${this.#use(step)}(b, v, p, e) < 0) return false`)
  }

  #call(step: Step): void {
    this.add(`p = ${this.#use(step)}(b, v, p, e)`)
    this.add('if (p < 0) return false')
  }
}
