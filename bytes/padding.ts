/** The number of zeros after `length` bytes of content, up to a multiple of eight. */
export const paddingOf = (length: number): number => -length & 7

/** The size of padded content, including its length and zeros. */
export const paddedSize = (length: number): number => 8 + length + paddingOf(length)
