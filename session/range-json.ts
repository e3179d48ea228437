import type { Json } from '../interpreters/json/text.js'
import type { Range } from './events.js'

/** A range of bytes as JSON. */
export const rangeJson = ([start, end]: Range): Json => [BigInt(start), BigInt(end)]
