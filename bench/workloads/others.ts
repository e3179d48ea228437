import { bool64, compile, listOf, mapOf, struct, u8, u32, u64, utf8 } from '../../dist/index.js'
import { Random } from './random.js'
import { right } from './w1.js'

/** W2: messages that are a map of 200 texts of 10 to 2,000 characters each; 500 of them are 25 MB. */
export const Texts = mapOf(utf8, utf8)

const characters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -_./:'

export interface W2 {
  readonly values: readonly ReadonlyMap<string, string>[]
  readonly messages: readonly Uint8Array[]
  readonly bytes: number
}

export const w2 = (count = 100): W2 => {
  const random = new Random(2)
  const filler = random.text(characters, 1 << 16)
  const text = (length: number): string => {
    const at = random.between(0, filler.length - length)
    // Copied, so that no value shares its characters with the filler.
    return Buffer.from(filler.slice(at, at + length), 'latin1').toString('latin1')
  }
  const values = Array.from({ length: count }, () => {
    const keys = new Set<string>()
    while (keys.size < 200) {
      keys.add(random.text(characters, random.between(4, 24)))
    }
    const mostlyShort = () => (random.chance(0.87) ? random.between(10, 200) : random.between(200, 2000))
    return new Map([...keys].sort().map((key) => [key, text(mostlyShort())]))
  })
  const codec = compile(Texts)
  const messages = values.map((value) => right(codec.encode(value)))
  return { values, messages, bytes: messages.reduce((sum, message) => sum + message.length, 0) }
}

/** W4: a list of a million u64, of all sizes. */
export const Numbers = listOf(u64)

export interface W4 {
  readonly values: readonly bigint[]
  readonly bytes: Uint8Array
}

export const w4 = (count = 1_000_000): W4 => {
  const random = new Random(4)
  const values = Array.from({ length: count }, () => {
    const bits = random.between(1, 64)
    const low = BigInt(random.between(0, 0xffffffff))
    const high = BigInt(random.between(0, 0xffffffff))
    return BigInt.asUintN(bits, (high << 32n) | low)
  })
  return { values, bytes: right(compile(Numbers).encode(values)) }
}

/** W5: a struct of twelve integers and bools, 10,000 times. */
const Counters = struct('Counters', {
  kind: u8,
  level: u32,
  started: u32,
  stopped: u32,
  done: bool64,
  running: u32,
  failed: u32,
  kept: bool64,
  expected: u32,
  parent: u32,
  cores: u8,
  trusted: bool64,
})

export interface Counted {
  readonly kind: number
  readonly level: number
  readonly started: number
  readonly stopped: number
  readonly done: boolean
  readonly running: number
  readonly failed: number
  readonly kept: boolean
  readonly expected: number
  readonly parent: number
  readonly cores: number
  readonly trusted: boolean
}

export const CountersList = listOf(Counters)

export interface W5 {
  readonly values: readonly Counted[]
  readonly bytes: Uint8Array
}

export const w5 = (count = 10_000): W5 => {
  const random = new Random(5)
  const word = () => random.between(0, 0xffffffff)
  const byte = () => random.between(0, 255)
  const yes = () => random.chance(0.5)
  const values = Array.from({ length: count }, () => ({
    kind: byte(),
    level: word(),
    started: word(),
    stopped: word(),
    done: yes(),
    running: word(),
    failed: word(),
    kept: yes(),
    expected: word(),
    parent: word(),
    cores: byte(),
    trusted: yes(),
  }))
  return { values, bytes: right(compile(CountersList).encode(values)) }
}
