import { faultMarker } from './fault.js'
import { Output } from './output.js'
import type { Plan } from './plan.js'
import { Pool } from './pool.js'

/** All codecs share these outputs, and so a buffer that has grown. */
export const outputs: Pool<Output> = new Pool(() => new Output())

/**
 * A text that is equal for two values exactly if the encoder writes the same bytes for both; null if it writes none.
 */
export const writtenForm = (plan: Plan, value: unknown): string | null => {
  const output = outputs.take()
  try {
    output.openGrowing(Number.POSITIVE_INFINITY)
    output.trusted = true
    plan.write(output, value)
    return binaryString(output.bytes, output.pos)
  } catch (error) {
    if (error !== faultMarker) {
      throw error
    }
    return null
  } finally {
    output.trusted = false
    output.close()
    outputs.give(output)
  }
}

const binaryString = (bytes: Uint8Array, length: number): string => {
  let text = ''
  for (let i = 0; i < length; i++) {
    text += String.fromCharCode(bytes[i]!)
  }
  return text
}
