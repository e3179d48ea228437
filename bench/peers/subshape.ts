import * as $ from 'subshape'
import type { PlainPathInfo } from '../workloads/w1.js'
import { type Peer, padded } from './peer.js'

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const encoder = new TextEncoder()

const text = $.createShape<string>({
  metadata: $.metadata('text'),
  staticSize: 8,
  subEncode(buffer, value) {
    const bytes = encoder.encode(value)
    $.u64.subEncode(buffer, BigInt(bytes.length))
    const whole = new Uint8Array(padded(bytes.length))
    whole.set(bytes)
    buffer.insertArray(whole)
  },
  subDecode(buffer) {
    const size = Number($.u64.subDecode(buffer))
    const end = buffer.index + padded(size)
    if (end > buffer.array.length) {
      throw new Error('the end')
    }
    const value = decoder.decode(buffer.array.subarray(buffer.index, buffer.index + size))
    buffer.index = end
    return value
  },
  subAssert(assert) {
    assert.typeof(this, 'string')
  },
})

const bool = $.createShape<boolean>({
  metadata: $.metadata('bool'),
  staticSize: 8,
  subEncode: (buffer, value) => $.u64.subEncode(buffer, value ? 1n : 0n),
  subDecode: (buffer) => $.u64.subDecode(buffer) !== 0n,
  subAssert(assert) {
    assert.typeof(this, 'boolean')
  },
})

const list = <A>(item: $.Shape<A>) =>
  $.createShape<readonly A[], A[]>({
    metadata: $.metadata('list'),
    staticSize: 8,
    subEncode(buffer, values) {
      $.u64.subEncode(buffer, BigInt(values.length))
      buffer.pushAlloc(values.length * item.staticSize)
      for (const value of values) {
        item.subEncode(buffer, value)
      }
      buffer.popAlloc()
    },
    subDecode(buffer) {
      const size = Number($.u64.subDecode(buffer))
      const values: A[] = []
      for (let i = 0; i < size; i++) {
        values.push(item.subDecode(buffer))
      }
      return values
    },
    subAssert(assert) {
      assert.instanceof(this, Array)
    },
  })

const message = list(
  $.object(
    $.field('path', text),
    $.field(
      'info',
      $.object(
        $.field('deriver', text),
        $.field('narHash', text),
        $.field('references', list(text)),
        $.field('registrationTime', $.u64),
        $.field('narSize', $.u64),
        $.field('ultimate', bool),
        $.field('signatures', list(text)),
        $.field('ca', text),
      ),
    ),
  ) as unknown as $.Shape<PlainPathInfo>,
)

export const subshape: Peer = {
  name: 'subshape',
  version: '0.14.0',
  note: 'shapes of our own for texts and lists',
  aheadBy: { encode: 20 },
  decode: (bytes) => message.decode(bytes),
  encode: (value) => message.encode(value),
}
