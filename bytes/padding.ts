/** How many zeros follow `length` bytes of content, so that the next word begins at a multiple of eight. */
export const paddingOf = (length: number): number => -length & 7

/** How many bytes padded content takes, its length and zeros included. */
export const paddedSize = (length: number): number => 8 + length + paddingOf(length)
