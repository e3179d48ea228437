import { coroutine, Parser, updateError, updateResult } from 'arcsecond'
import type { PlainPathInfo } from '../workloads/w1.js'
import { type Peer, padded } from './peer.js'

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** A parser for each primitive: the library has none of 64 bits, and none with padding. */
const u64 = new Parser<bigint>((state) => {
  if (state.isError) {
    return state
  }
  const { dataView, index } = state
  return index + 8 > dataView.byteLength
    ? updateError(state, `the end at ${index}`)
    : { ...updateResult(state, dataView.getBigUint64(index, true)), index: index + 8 }
})

const text = new Parser<string>((state) => {
  if (state.isError) {
    return state
  }
  const { dataView, index } = state
  if (index + 8 > dataView.byteLength) {
    return updateError(state, `the end at ${index}`)
  }
  const size = Number(dataView.getBigUint64(index, true))
  const end = index + 8 + padded(size)
  if (end > dataView.byteLength) {
    return updateError(state, `the end at ${index}`)
  }
  for (let i = index + 8 + size; i < end; i++) {
    if (dataView.getUint8(i) !== 0) {
      return updateError(state, `padding at ${i}`)
    }
  }
  const bytes = new Uint8Array(dataView.buffer, dataView.byteOffset + index + 8, size)
  return { ...updateResult(state, strict.decode(bytes)), index: end }
})

const times = <A>(count: bigint, item: Parser<A>): Parser<A[]> =>
  coroutine((run) => {
    const items: A[] = []
    for (let i = 0n; i < count; i++) {
      items.push(run(item))
    }
    return items
  })

const texts = u64.chain((count) => times(count as bigint, text))

const pathInfo: Parser<PlainPathInfo> = coroutine((run) => ({
  path: run(text),
  info: {
    deriver: run(text),
    narHash: run(text),
    references: run(texts),
    registrationTime: run(u64),
    narSize: run(u64),
    ultimate: run(u64) !== 0n,
    signatures: run(texts),
    ca: run(text),
  },
}))

const message = u64.chain((count) => times(count as bigint, pathInfo))

export const arcsecond: Peer = {
  name: 'arcsecond',
  version: '5.0.0',
  aheadBy: { decode: 12 },
  decode: (bytes) => {
    const result = message.run(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength))
    if (result.isError) {
      throw new Error(String(result.error))
    }
    return result.result
  },
}
