/** Changes two bytes, one of them often a small number or the start of a padded length. */
export const damagedBytes = (bytes: Uint8Array, choice: number): Uint8Array => {
  if (bytes.length === 0) {
    return Uint8Array.of(choice & 0xff)
  }
  const damaged = bytes.slice()
  const at = choice % bytes.length
  damaged[at] = (damaged[at]! + 1 + ((choice >>> 8) % 255)) & 0xff
  if (choice % 3 === 0) {
    const word = Math.floor(at / 8) * 8
    damaged[word] = (choice >>> 16) & 0x0f
  }
  return damaged
}
