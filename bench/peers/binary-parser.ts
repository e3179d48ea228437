import { Parser } from 'binary-parser'
import { type Peer, padded } from './peer.js'

interface Sized {
  readonly size: number
}

const little = () => new Parser().endianness('little')

const text = little()
  .uint32('size')
  .uint32('high', { assert: 0 })
  .string('value', { length: 'size', encoding: 'utf8' })
  .seek(function (this: Sized) {
    return padded(this.size) - this.size
  })

const value = { type: text, formatter: (item: { readonly value: string }) => item.value }

const texts = little()
  .uint32('size')
  .uint32('high', { assert: 0 })
  .array('items', { type: text, length: 'size' })

const list = {
  type: texts,
  formatter: ({ items }: { readonly items: { readonly value: string }[] }) => items.map((item) => item.value),
}

const info = little()
  .nest('deriver', value)
  .nest('narHash', value)
  .nest('references', list)
  .uint64('registrationTime')
  .uint64('narSize')
  .uint64('ultimate', { formatter: (n: bigint) => n !== 0n })
  .nest('signatures', list)
  .nest('ca', value)

const message = little()
  .uint32('size')
  .uint32('high', { assert: 0 })
  .array('items', { type: little().nest('path', value).nest('info', { type: info }), length: 'size' })

export const binaryParser: Peer = {
  name: 'binary-parser',
  version: '2.3.0',
  note: 'skips padding unseen, replaces bad UTF-8',
  aheadBy: { decode: 2.5 },
  decode: (bytes) => message.parse(bytes).items,
}
