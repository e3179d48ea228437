import { paddingOf } from '../../bytes/padding.js'
import { strings } from '../../bytes/strings.js'

/** Words of the archive in their wire form, and as 32-bit numbers for comparison. */
export interface Words {
  readonly bytes: Uint8Array
  readonly units: Int32Array
}

/** Consecutive words, each with its length and padding. */
export const wordsOf = (...texts: ReadonlyArray<string>): Words => {
  const bytes = new Uint8Array(texts.reduce((sum, text) => sum + sizeOf(text), 0))
  const view = new DataView(bytes.buffer)
  let at = 0
  for (const text of texts) {
    view.setUint32(at, text.length, true)
    strings.write(bytes, text, at + 8)
    at += sizeOf(text)
  }
  const units = Int32Array.from({ length: bytes.length / 4 }, (_, i) => view.getInt32(4 * i, true))
  return { bytes, units }
}

const sizeOf = (text: string): number => 8 + text.length + paddingOf(text.length)

/** Whether these words are at `at`; that many bytes must be available. */
export const wordsAt = (view: DataView, at: number, { units }: Words): boolean => {
  for (let i = 0; i < units.length; i++) {
    if (view.getInt32(at + 4 * i, true) !== units[i]) {
      return false
    }
  }
  return true
}
