export { oneOf, show as showValue } from '../../combinators/show.js'

/** A byte in the words of an issue. */
export const showByte = (byte: number): string => `0x${byte.toString(16)}`
