/** The form of bytes in a file or a pasted text. */
export type Form = 'bytes' | 'hex' | 'base64'

/** Bytes, or why the input is not of that form. */
export type Read =
  | { readonly _tag: 'Read'; readonly bytes: Uint8Array }
  | { readonly _tag: 'Unreadable'; readonly problem: string }

const newline = 0x0a
const isSpace = (byte: number): boolean => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d)

/** The value of each hex digit; 255 for other characters. */
const hexDigits = digitTable('0123456789abcdef', 'ABCDEF', 10)
const base64Digits = digitTable('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/', '-_', 62)

function digitTable(digits: string, others: string, from: number): Uint8Array {
  const table = new Uint8Array(256).fill(255)
  for (let i = 0; i < digits.length; i++) {
    table[digits.charCodeAt(i)] = i
  }
  for (let i = 0; i < others.length; i++) {
    table[others.charCodeAt(i)] = from + i
  }
  return table
}

// The output of `xxd` and `hexdump -C`: an offset, hex digits, and then the text.
const xxdLine = /^[0-9a-f]{8}: ((?:[0-9a-f]{2,4} )+) +.{1,16}$/i
const hexdumpLine = /^[0-9a-f]{6,8} {2}((?:[0-9a-f]{2} {1,2}){1,16}) *(?:\|.*\|)?$/i
const lastLine = /^[0-9a-f]{6,8}$/i

const dumped = (line: string): string | null => {
  const found = xxdLine.exec(line) ?? hexdumpLine.exec(line)
  return found?.[1] ?? (lastLine.test(line) ? '' : null)
}

const sniffed = 4096

/** If the first line is that of a hex dump, all of the text is read as one. */
const isDump = (bytes: Uint8Array): boolean => {
  const end = bytes.subarray(0, 200).indexOf(newline)
  const line = latin1(bytes.subarray(0, end === -1 ? 200 : end)).trimEnd()
  return line.length > 12 && dumped(line) !== null
}

const latin1 = (bytes: Uint8Array): string => new TextDecoder('latin1').decode(bytes)

/** The form of bytes. Messages contain zero bytes, so they are hardly ever taken for a text. */
export const formOf = (bytes: Uint8Array): Form => {
  const head = bytes.subarray(0, sniffed)
  if (isDump(head)) {
    return 'hex'
  }
  const signs = head.filter((byte) => !isSpace(byte))
  if (signs.length < 2) {
    return 'bytes'
  }
  if (signs.every((byte) => hexDigits[byte] !== 255)) {
    return 'hex'
  }
  const digits = latin1(signs).replace(/={1,2}$/, '')
  return [...digits].every((sign) => base64Digits[sign.charCodeAt(0)] !== 255) ? 'base64' : 'bytes'
}

export const read = (bytes: Uint8Array, form: Form): Read => {
  switch (form) {
    case 'bytes':
      return { _tag: 'Read', bytes }
    case 'hex':
      return isDump(bytes) ? fromDump(bytes) : fromDigits(bytes, hexDigits, 4, 'hex digit')
    case 'base64':
      return fromDigits(bytes, base64Digits, 6, 'base64 digit')
  }
}

const fromDump = (bytes: Uint8Array): Read => {
  const digits: Array<string> = []
  for (const [index, line] of latin1(bytes).split(/\r?\n/).entries()) {
    const found = line === '' ? '' : dumped(line)
    if (found === null) {
      return { _tag: 'Unreadable', problem: `line ${index + 1} is not one of a hex dump` }
    }
    digits.push(found)
  }
  return read(new TextEncoder().encode(digits.join('')), 'hex')
}

/** Digits of that many bits each; white space between them is allowed. */
const fromDigits = (text: Uint8Array, table: Uint8Array, bits: number, what: string): Read => {
  const bytes = new Uint8Array(Math.floor((text.length * bits) / 8))
  let length = 0
  let pending = 0
  let count = 0
  for (let at = 0; at < text.length; at++) {
    const sign = text[at] as number
    if (isSpace(sign)) {
      continue
    }
    const digit = table[sign] as number
    if (digit === 255) {
      if (bits === 6 && isPadding(text.subarray(at))) {
        break
      }
      return { _tag: 'Unreadable', problem: `character ${at + 1} is not a ${what}` }
    }
    pending = (pending << bits) | digit
    count += bits
    if (count >= 8) {
      count -= 8
      bytes[length++] = pending >> count
      pending &= (1 << count) - 1
    }
  }
  return bits === 4 && count > 0
    ? { _tag: 'Unreadable', problem: 'an odd number of hex digits' }
    : { _tag: 'Read', bytes: bytes.subarray(0, length) }
}

const isPadding = (rest: Uint8Array): boolean =>
  rest.length < 64 && rest.every((byte) => byte === 0x3d || isSpace(byte))
