import { compile } from '../../dist/index.js'
import * as hand from '../baselines/others.js'
import type { Benchmark } from '../measure.js'
import { CountersList, Numbers, Texts, w2, w4, w5 } from '../workloads/others.js'
import { right } from '../workloads/w1.js'
import { work } from './contestants.js'

const byHand = 'by hand'

export const w2Decode = (): Benchmark => {
  const { values, messages, bytes } = w2()
  const codec = compile(Texts)
  const slices = compile(Texts, {}, { slices: true })
  return {
    id: 'w2-decode',
    title: 'W2, maps of 200 texts, decoded',
    base: byHand,
    bytes,
    contestants: [
      work(byHand, messages, values, hand.decodeTexts),
      work('nix-wire', messages, values, (message) => right(codec.decode(message)), {
        target: { atMost: 1.05 },
      }),
      work('nix-wire, slices', messages, values, (message) => right(slices.decode(message)), {
        note: 'each text keeps its whole message',
      }),
    ],
  }
}

export const w2Encode = (): Benchmark => {
  const { values, messages, bytes } = w2()
  const codec = compile(Texts)
  return {
    id: 'w2-encode',
    title: 'W2, maps of 200 texts, encoded',
    base: byHand,
    bytes,
    contestants: [
      work(byHand, values, messages, hand.encodeTexts),
      work('nix-wire', values, messages, (value) => right(codec.encode(value)), { target: { atMost: 1.05 } }),
    ],
  }
}

export const w4Decode = (): Benchmark => {
  const { values, bytes } = w4()
  const codec = compile(Numbers)
  return {
    id: 'w4-decode',
    title: 'W4, a list of a million u64, decoded',
    base: byHand,
    bytes: bytes.length,
    contestants: [
      work(byHand, [bytes], [values], hand.decodeNumbers),
      work('nix-wire', [bytes], [values], (message) => right(codec.decode(message))),
    ],
  }
}

export const w4Encode = (): Benchmark => {
  const { values, bytes } = w4()
  const codec = compile(Numbers)
  return {
    id: 'w4-encode',
    title: 'W4, a list of a million u64, encoded',
    base: byHand,
    bytes: bytes.length,
    contestants: [
      work(byHand, [values], [bytes], hand.encodeNumbers),
      work('nix-wire', [values], [bytes], (value) => right(codec.encode(value))),
    ],
  }
}

export const w5Decode = (): Benchmark => {
  const { values, bytes } = w5()
  const codec = compile(CountersList)
  const closures = compile(CountersList, {}, { evaluate: false })
  return {
    id: 'w5-decode',
    title: 'W5, a struct of twelve integers and bools, decoded',
    base: byHand,
    bytes: bytes.length,
    contestants: [
      work(byHand, [bytes], [values], hand.decodeCounters),
      work('nix-wire', [bytes], [values], (message) => right(codec.decode(message)), {
        target: { atMost: 1.15 },
      }),
      work('nix-wire, no evaluation', [bytes], [values], (message) => right(closures.decode(message))),
    ],
  }
}

export const w5Encode = (): Benchmark => {
  const { values, bytes } = w5()
  const codec = compile(CountersList)
  const closures = compile(CountersList, {}, { evaluate: false })
  return {
    id: 'w5-encode',
    title: 'W5, a struct of twelve integers and bools, encoded',
    base: byHand,
    bytes: bytes.length,
    contestants: [
      work(byHand, [values], [bytes], hand.encodeCounters),
      work('nix-wire', [values], [bytes], (value) => right(codec.encode(value))),
      work('nix-wire, no evaluation', [values], [bytes], (value) => right(closures.encode(value))),
    ],
  }
}
