/** A table of byte classes: in which texts each byte may occur. */

export const base32 = 1
export const name = 2
export const base16 = 4
export const base64 = 8

export const classes = new Uint8Array(256)

const mark = (characters: string, bit: number): void => {
  for (const character of characters) {
    const code = character.charCodeAt(0)
    classes[code] = (classes[code] ?? 0) | bit
  }
}

const digits = '0123456789'
const lower = 'abcdefghijklmnopqrstuvwxyz'
const upper = lower.toUpperCase()
mark('0123456789abcdfghijklmnpqrsvwxyz', base32)
mark(`${digits}${lower}${upper}+-._?=`, name)
mark(`${digits}abcdef`, base16)
mark(`${digits}${lower}${upper}+/`, base64)
