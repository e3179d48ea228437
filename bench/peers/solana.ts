import {
  addCodecSizePrefix,
  type Codec,
  getArrayCodec,
  getBooleanCodec,
  getStructCodec,
  getU64Codec,
  getUtf8Codec,
  offsetCodec,
  resizeCodec,
} from '@solana/codecs'
import { type Peer, padded } from './peer.js'

const u64 = getU64Codec()
const bool = getBooleanCodec({ size: u64 })

const text: Codec<string> = offsetCodec(resizeCodec(addCodecSizePrefix(getUtf8Codec(), u64), padded), {
  postOffset: ({ postOffset }) => padded(postOffset),
})
const texts = getArrayCodec(text, { size: u64 })

const codec = getArrayCodec(
  getStructCodec([
    ['path', text],
    [
      'info',
      getStructCodec([
        ['deriver', text],
        ['narHash', text],
        ['references', texts],
        ['registrationTime', u64],
        ['narSize', u64],
        ['ultimate', bool],
        ['signatures', texts],
        ['ca', text],
      ]),
    ],
  ]),
  { size: u64 },
)

export const solana: Peer = {
  name: '@solana/codecs',
  version: '8.4.0',
  note: 'accepts non-zero padding, drops NULs, replaces bad UTF-8',
  aheadBy: { decode: 30, encode: 50 },
  decode: (message) => codec.decode(message),
  encode: (value) => codec.encode(value as Parameters<typeof codec.encode>[0]) as Uint8Array,
}
