import { paddedSize } from '../../bytes/padding.js'
import { narLimits } from '../../grammar/nar-names.js'
import type { NarEvent } from './events.js'
import type { NarInput } from './input.js'
import type { NarLeniency } from './options.js'
import { lacks, refuseWord, textLength, wordAt } from './primitives.js'
import { refuse } from './refusal.js'
import { State } from './states.js'

/** Reads the executable markers of files. Each step returns what comes next, null if bytes are missing. */
export class Marker {
  /** Whether the last file is executable. */
  executable = false
  readonly #lenient: NarLeniency

  constructor(lenient: NarLeniency) {
    this.#lenient = lenient
  }

  /** Reads the field that shows whether a marker follows, or contents. */
  field(input: NarInput, events: Array<NarEvent>): State | null {
    const word = wordAt(input)
    if (word === null) {
      return null
    }
    if (word === 'contents') {
      input.pos += paddedSize(word.length)
      return State.Length
    }
    if (word === 'executable' && !this.executable) {
      this.executable = true
      input.pos += paddedSize(word.length)
      return State.MarkerValue
    }
    if (word === ')' ? this.#lenient.missingContents : this.#lenient.otherWordForContents) {
      events.push({ _tag: 'regular', executable: this.executable, size: 0 })
      input.pos += word === ')' ? 0 : paddedSize(textLength(input, narLimits.tag, 'a word'))
      return State.Close
    }
    return this.executable
      ? refuseWord(input, 'UnexpectedValue', '"contents" (the field after the executable marker)', [
          'contents',
        ])
      : refuseWord(input, 'UnknownTag', 'a field of a file: "executable" or "contents"', [
          'executable',
          'contents',
        ])
  }

  /** Reads the value of the marker, which is empty. */
  value(input: NarInput): State | null {
    if (lacks(input, 8)) {
      return null
    }
    const { pos, view, offset } = input
    const length = view.getBigUint64(pos, true)
    if (length !== 0n) {
      const expected = 'an empty string as the value of "executable"'
      refuse({ tag: 'UnexpectedValue', offset, expected, actual: `a length of ${length}` })
    }
    input.pos += 8
    const { missingContents, otherWordForContents } = this.#lenient
    return missingContents || otherWordForContents ? State.Marker : State.ContentsWord
  }
}
