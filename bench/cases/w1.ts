import { compile } from '../../dist/index.js'
import { decodeChecked, decodePlain } from '../baselines/w1-decode.js'
import { encodeChecked, encodePlain } from '../baselines/w1-encode.js'
import type { Benchmark, Contestant } from '../measure.js'
import { peers } from '../peers/index.js'
import { Checked, Plain, protocol, right, w1 } from '../workloads/w1.js'
import { work } from './contestants.js'

const byHand = 'by hand'

const codecs = () => ({
  plain: compile(Plain, protocol),
  plainClosures: compile(Plain, protocol, { evaluate: false }),
  checked: compile(Checked, protocol),
  canonical: compile(Checked, protocol, { profile: 'canonical' }),
  closures: compile(Checked, protocol, { evaluate: false }),
  slices: compile(Checked, protocol, { slices: true }),
})

export const w1Decode = (): Benchmark => {
  const { messages, checked, plain, bytes } = w1()
  const { checked: codec, canonical, closures, slices } = codecs()
  return {
    id: 'w1-decode',
    title: 'W1, 10,000 path infos, decoded: store paths, hashes and signatures validated',
    base: byHand,
    bytes,
    contestants: [
      work(byHand, messages, checked, decodeChecked),
      work('by hand, nothing validated', messages, plain, decodePlain),
      work('nix-wire', messages, checked, (message) => right(codec.decode(message)), {
        target: { atMost: 0.95 },
      }),
      work('nix-wire, canonical', messages, checked, (message) => right(canonical.decode(message))),
      work('nix-wire, slices', messages, checked, (message) => right(slices.decode(message)), {
        note: 'each text keeps its whole message',
      }),
      work('nix-wire, no evaluation', messages, checked, (message) => right(closures.decode(message))),
    ],
  }
}

export const w1DecodeKeep = (): Benchmark => {
  const { messages, checked, plain, bytes } = w1()
  const { checked: codec } = codecs()
  const kept = <A>(contestant: Contestant, one: (message: Uint8Array) => A): Contestant => ({
    ...contestant,
    run: () => messages.map(one),
  })
  const decode = (message: Uint8Array) => right(codec.decode(message))
  return {
    id: 'w1-decode-keep',
    title: 'W1, decoded, and all values kept: the collector has its say',
    base: byHand,
    bytes,
    keep: true,
    contestants: [
      kept(work(byHand, messages, checked, decodeChecked), decodeChecked),
      kept(work('by hand, nothing validated', messages, plain, decodePlain), decodePlain),
      kept(work('nix-wire', messages, checked, decode), decode),
    ],
  }
}

export const w1Encode = (): Benchmark => {
  const { messages, checked, plain, bytes } = w1()
  const { checked: codec, closures } = codecs()
  return {
    id: 'w1-encode',
    title: 'W1, encoded: texts validated, the order of sets checked',
    base: byHand,
    bytes,
    contestants: [
      work(byHand, checked, messages, encodeChecked),
      work('by hand, nothing validated', plain, messages, encodePlain),
      work('nix-wire', checked, messages, (value) => right(codec.encode(value as never)), {
        target: { atMost: 1.05 },
      }),
      work('nix-wire, no evaluation', checked, messages, (value) => right(closures.encode(value as never))),
    ],
  }
}

export const w1PlainDecode = (): Benchmark => {
  const { messages, checked, plain, bytes } = w1()
  const { plain: codec, plainClosures, checked: validating } = codecs()
  return {
    id: 'w1-plain-decode',
    title: 'W1, decoded as plain texts, nothing validated, beside other libraries',
    base: byHand,
    bytes,
    contestants: [
      work(byHand, messages, plain, decodePlain),
      work('nix-wire', messages, plain, (message) => right(codec.decode(message)), {
        target: { atMost: 1.05 },
      }),
      work('nix-wire, no evaluation', messages, plain, (message) => right(plainClosures.decode(message))),
      work('nix-wire, validating', messages, checked, (message) => right(validating.decode(message))),
      ...peers.flatMap(({ name, note, decode, own, aheadBy }) =>
        decode === undefined
          ? []
          : [
              work(
                name,
                own === undefined ? messages : plain.map(own.write),
                own === undefined ? plain : plain.map(own.value),
                decode,
                { ...(note && { note }), ...(aheadBy?.decode && { aheadBy: aheadBy.decode }) },
                own?.plain,
              ),
            ],
      ),
    ],
  }
}

export const w1PlainEncode = (): Benchmark => {
  const { messages, checked, plain, bytes } = w1()
  const { plain: codec, plainClosures, checked: validating } = codecs()
  return {
    id: 'w1-plain-encode',
    title: 'W1, encoded, nothing validated, beside other libraries',
    base: byHand,
    bytes,
    contestants: [
      work(byHand, plain, messages, encodePlain),
      work('nix-wire', plain, messages, (value) => right(codec.encode(value)), { target: { atMost: 1.05 } }),
      work('nix-wire, no evaluation', plain, messages, (value) => right(plainClosures.encode(value))),
      work('nix-wire, validating', checked, messages, (value) => right(validating.encode(value as never))),
      ...peers.flatMap(({ name, note, encode, own, aheadBy }) =>
        encode === undefined
          ? []
          : [
              work(name, plain, own === undefined ? messages : plain.map(own.write), encode, {
                ...(note && { note }),
                ...(aheadBy?.encode && { aheadBy: aheadBy.encode }),
              }),
            ],
      ),
    ],
  }
}
