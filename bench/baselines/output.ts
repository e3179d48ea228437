/** The other half of the yardstick: one buffer that grows and is reused, and a copy for the caller. */

interface Writes {
  utf8Write(text: string, at: number, length: number): number
}

const { utf8Write } = Buffer.prototype as unknown as Writes

export let bytes: Buffer = Buffer.alloc(1 << 16)
let at = 0
let view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

export const open = (): void => {
  at = 0
}

export const take = (): Uint8Array => new Uint8Array(bytes.subarray(0, at))

const room = (more: number): void => {
  if (at + more > bytes.length) {
    const larger = Buffer.alloc(Math.max(bytes.length * 2, at + more))
    larger.set(bytes.subarray(0, at))
    bytes = larger
    view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }
}

const refuse = (value: unknown): never => {
  throw new Error(`not to be written: ${String(value)}`)
}

export const word = (value: number, most = 0xffffffff): void => {
  if (value >>> 0 !== value || value > most) {
    refuse(value)
  }
  room(8)
  view.setUint32(at, value, true)
  view.setUint32(at + 4, 0, true)
  at += 8
}

export const u64 = (value: bigint): void => {
  if (value < 0n || value > 0xffff_ffff_ffff_ffffn) {
    refuse(value)
  }
  room(8)
  view.setBigUint64(at, value, true)
  at += 8
}

export const bool = (value: boolean): void => word(value ? 1 : 0)

/** Where the text begins; its `size` bytes have been written. */
export let start = 0
export let size = 0

export const text = (value: string): void => {
  room(value.length * 3 + 16)
  start = at + 8
  if (value.length <= 12) {
    let i = 0
    for (; i < value.length; i++) {
      const code = value.charCodeAt(i)
      if (code > 127) {
        break
      }
      bytes[start + i] = code
    }
    size = i === value.length ? i : utf8Write.call(bytes, value, start, bytes.length - start)
  } else {
    size = utf8Write.call(bytes, value, start, bytes.length - start)
  }
  view.setUint32(at, size, true)
  view.setUint32(at + 4, 0, true)
  const end = start + size
  at = end + (-size & 7)
  for (let i = end; i < at; i++) {
    bytes[i] = 0
  }
}

export const texts = (values: readonly string[]): void => {
  word(values.length)
  for (let i = 0; i < values.length; i++) {
    text(values[i] as string)
  }
}
