import type { Json } from '../interpreters/json/text.js'
import type { Range } from './events.js'

/** The range of bytes that something stands in. */
export const rangeJson = ([start, end]: Range): Json => [BigInt(start), BigInt(end)]
