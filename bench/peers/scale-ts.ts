import { type Codec, createCodec, createDecoder, Struct, u64 } from 'scale-ts'
import type { PlainPathInfo } from '../workloads/w1.js'
import { type Peer, padded } from './peer.js'

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const encoder = new TextEncoder()

/** What the library passes to a decoder: the bytes, and the offset. */
interface Cursor extends Uint8Array {
  i: number
  v: DataView
}

const text = createCodec<string>(
  (value) => {
    const bytes = encoder.encode(value)
    const whole = new Uint8Array(8 + padded(bytes.length))
    new DataView(whole.buffer).setBigUint64(0, BigInt(bytes.length), true)
    whole.set(bytes, 8)
    return whole
  },
  createDecoder((input) => {
    const cursor = input as Cursor
    const size = Number(u64.dec(cursor))
    const start = cursor.i
    cursor.i += padded(size)
    return decoder.decode(new Uint8Array(cursor.buffer, cursor.byteOffset + start, size))
  }),
)

const bool = createCodec<boolean>(
  (value) => u64.enc(value ? 1n : 0n),
  createDecoder((input) => u64.dec(input) !== 0n),
)

const joined = (parts: readonly Uint8Array[]): Uint8Array => {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

const list = <A>(item: Codec<A>): Codec<A[]> =>
  createCodec<A[]>(
    (values) => joined([u64.enc(BigInt(values.length)), ...values.map(item.enc)]),
    createDecoder((input) => {
      const size = Number(u64.dec(input))
      const values: A[] = []
      for (let i = 0; i < size; i++) {
        values.push(item.dec(input))
      }
      return values
    }),
  )

const message = list(
  Struct({
    path: text,
    info: Struct({
      deriver: text,
      narHash: text,
      references: list(text),
      registrationTime: u64,
      narSize: u64,
      ultimate: bool,
      signatures: list(text),
      ca: text,
    }),
  }),
)

export const scaleTs: Peer = {
  name: 'scale-ts',
  version: '1.6.1',
  note: 'codecs of our own for texts and lists',
  decode: (bytes) => message.dec(bytes),
  encode: (value) => message.enc(value as Parameters<typeof message.enc>[0] & PlainPathInfo[]),
}
