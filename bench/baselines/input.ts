/**
 * The yardstick: a decoder that a careful programmer writes by hand, strict (lengths, padding and UTF-8 checked) and
 * nothing more. Its state is in module variables, which was faster here than a class or arguments.
 */

interface Slices {
  latin1Slice(start: number, end: number): string
  utf8Slice(start: number, end: number): string
}

const { latin1Slice, utf8Slice } = Buffer.prototype as unknown as Slices
const fatal = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export let bytes: Uint8Array = new Uint8Array()
export let at = 0
let view = new DataView(bytes.buffer)

export const open = (input: Uint8Array): void => {
  bytes = input
  view = new DataView(input.buffer, input.byteOffset, input.byteLength)
  at = 0
}

export const moveTo = (next: number): void => {
  at = next
}

export const refuse = (problem: string): never => {
  throw new Error(`${problem} at ${at}`)
}

export const word = (): number => {
  const low = view.getUint32(at, true)
  if (view.getUint32(at + 4, true) !== 0) {
    refuse('a number above 2^32')
  }
  at += 8
  return low
}

export const u64 = (): bigint => {
  const value = view.getBigUint64(at, true)
  at += 8
  return value
}

export const byte = (): number => {
  const value = word()
  return value > 255 ? refuse('a number above 255') : value
}

export const bool = (): boolean => {
  const yes = (view.getUint32(at, true) | view.getUint32(at + 4, true)) !== 0
  at += 8
  return yes
}

/** The length of a text whose bytes and padding are complete; the padding is zero. */
export const length = (): number => {
  const count = word()
  const end = at + count
  const next = end + (-count & 7)
  if (next > bytes.length) {
    refuse('the end')
  }
  for (let i = end; i < next; i++) {
    if (bytes[i] !== 0) {
      refuse('padding')
    }
  }
  return count
}

export const text = (): string => {
  const count = length()
  const start = at
  const end = start + count
  at = end + (-count & 7)
  if (count > 130) {
    const value = utf8Slice.call(bytes, start, end)
    return value.includes('\ufffd') ? fatal.decode(bytes.subarray(start, end)) : value
  }
  let bits = 0
  let i = start
  // The padding is present and zero, so whole words may be read.
  for (; i < end; i += 4) {
    bits |= view.getUint32(i, true)
  }
  if ((bits & 0x80808080) === 0) {
    return latin1Slice.call(bytes, start, end)
  }
  const value = utf8Slice.call(bytes, start, end)
  return value.includes('\ufffd') ? fatal.decode(bytes.subarray(start, end)) : value
}

export const ascii = (start: number, end: number): string => latin1Slice.call(bytes, start, end)

export const count = (smallest: number): number => {
  const items = word()
  return items * smallest > bytes.length - at ? refuse('the end') : items
}

export const texts = (): string[] => {
  const items = count(8)
  const values = new Array<string>(items)
  for (let i = 0; i < items; i++) {
    values[i] = text()
  }
  return values
}

export const close = (): void => {
  if (at !== bytes.length) {
    refuse('trailing bytes')
  }
}
