import { isNone, type Option } from 'fp-ts/lib/Option.js'
import type { CheckedPathInfo, PlainPathInfo, TextAddress } from '../workloads/w1.js'
import { base16, base32, base64, classes, name } from './classes.js'
import { bool, bytes, open, size, start, take, text, texts, u64, word } from './output.js'

/** Without checks. */
export const encodePlain = (values: readonly PlainPathInfo[]): Uint8Array => {
  open()
  word(values.length)
  for (let i = 0; i < values.length; i++) {
    const { path, info } = values[i] as PlainPathInfo
    text(path)
    text(info.deriver)
    text(info.narHash)
    texts(info.references)
    u64(info.registrationTime)
    u64(info.narSize)
    bool(info.ultimate)
    texts(info.signatures)
    text(info.ca)
  }
  return take()
}

const refuse = (problem: string): never => {
  throw new Error(problem)
}

const run = (from: number, to: number, bit: number): void => {
  const written = bytes
  const table = classes
  let all = bit
  for (let i = from; i < to; i++) {
    all &= table[written[i] as number] as number
  }
  if (all === 0) {
    refuse('a character')
  }
}

const prefix = Buffer.from('/nix/store/')

const storePath = (value: string): void => {
  text(value)
  if (size < 45 || size > 11 + 33 + 211) {
    refuse('a store path')
  }
  for (let i = 0; i < 11; i++) {
    if (bytes[start + i] !== prefix[i]) {
      refuse('a store path')
    }
  }
  run(start + 11, start + 43, base32)
  if (bytes[start + 43] !== 0x2d || bytes[start + 44] === 0x2e) {
    refuse('a store path')
  }
  run(start + 44, start + size, name)
}

const narHash = (value: string): void => {
  text(value)
  if (size !== 64) {
    refuse('a hash')
  }
  run(start, start + 64, base16)
}

const signature = (value: string): void => {
  text(value)
  const end = start + size
  let colon = start
  while (colon < end && bytes[colon] !== 0x3a) {
    colon++
  }
  if (colon === start || end - colon !== 89 || bytes[end - 1] !== 0x3d || bytes[end - 2] !== 0x3d) {
    refuse('a signature')
  }
  run(start, colon, name)
  run(colon + 1, end - 2, base64)
}

const optionalStorePath = (value: Option<string>): void => (isNone(value) ? word(0) : storePath(value.value))

const ca = (value: Option<TextAddress>): void => {
  if (isNone(value)) {
    word(0)
    return
  }
  const { algorithm, digest } = value.value
  text(`text:${algorithm}:${digest}`)
  if (size !== 64) {
    refuse('a content address')
  }
  run(start + 12, start + size, base32)
}

/** In ascending order, which for ASCII is the order of the bytes; without duplicates. */
const ascending = (values: readonly string[], write: (value: string) => void): void => {
  word(values.length)
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as string
    write(value)
    if (i > 0 && (values[i - 1] as string) >= value) {
      refuse('the order')
    }
  }
}

/** Checks the texts in the bytes just written, and the order of sets. */
export const encodeChecked = (values: readonly CheckedPathInfo[]): Uint8Array => {
  open()
  word(values.length)
  for (let i = 0; i < values.length; i++) {
    const { path, info } = values[i] as CheckedPathInfo
    storePath(path)
    optionalStorePath(info.deriver)
    narHash(info.narHash)
    ascending(info.references, storePath)
    u64(info.registrationTime)
    u64(info.narSize)
    bool(info.ultimate)
    ascending(info.signatures, signature)
    ca(info.ca)
  }
  return take()
}
