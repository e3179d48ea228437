import { none, type Option, some } from 'fp-ts/lib/Option.js'
import type { CheckedPathInfo, PlainPathInfo, TextAddress } from '../workloads/w1.js'
import { base16, base32, base64, classes, name } from './classes.js'
import {
  ascii,
  at,
  bool,
  bytes,
  close,
  count,
  length,
  moveTo,
  open,
  refuse,
  text,
  texts,
  u64,
} from './input.js'

const plainInfo = (): PlainPathInfo => ({
  path: text(),
  info: {
    deriver: text(),
    narHash: text(),
    references: texts(),
    registrationTime: u64(),
    narSize: u64(),
    ultimate: bool(),
    signatures: texts(),
    ca: text(),
  },
})

/** Validates only the form on the wire. */
export const decodePlain = (input: Uint8Array): PlainPathInfo[] => {
  open(input)
  const items = count(72)
  const values = new Array<PlainPathInfo>(items)
  for (let i = 0; i < items; i++) {
    values[i] = plainInfo()
  }
  close()
  return values
}

/** Texts are checked while their bytes are read; a text of such a class is ASCII as well. */
const run = (from: number, to: number, bit: number): void => {
  const input = bytes
  const table = classes
  let all = bit
  for (let i = from; i < to; i++) {
    all &= table[input[i] as number] as number
  }
  if (all === 0) {
    refuse('a character')
  }
}

const prefix = Buffer.from('/nix/store/')

const storePathOf = (size: number): string => {
  const start = at
  const end = start + size
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
  run(start + 44, end, name)
  moveTo(end + (-size & 7))
  return ascii(start, end)
}

const storePath = (): string => storePathOf(length())

const optionalStorePath = (): Option<string> => {
  const size = length()
  return size === 0 ? none : some(storePathOf(size))
}

const narHash = (): string => {
  const size = length()
  const start = at
  if (size !== 64) {
    refuse('a hash')
  }
  run(start, start + 64, base16)
  moveTo(start + 64)
  return ascii(start, start + 64)
}

const storePaths = (): string[] => {
  const items = count(8)
  const values = new Array<string>(items)
  for (let i = 0; i < items; i++) {
    values[i] = storePath()
  }
  return values
}

const signature = (): string => {
  const size = length()
  const start = at
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
  moveTo(end + (-size & 7))
  return ascii(start, end)
}

const signatures = (): string[] => {
  const items = count(8)
  const values = new Array<string>(items)
  for (let i = 0; i < items; i++) {
    values[i] = signature()
  }
  return values
}

const ca = (): Option<TextAddress> => {
  const size = length()
  if (size === 0) {
    return none
  }
  const start = at
  if (size !== 64 || ascii(start, start + 12) !== 'text:sha256:') {
    refuse('a content address')
  }
  run(start + 12, start + size, base32)
  moveTo(start + size + (-size & 7))
  return some({ _tag: 'Text', algorithm: 'sha256', digest: ascii(start + 12, start + size) })
}

const checkedInfo = (): CheckedPathInfo => ({
  path: storePath(),
  info: {
    deriver: optionalStorePath(),
    narHash: narHash(),
    references: storePaths(),
    registrationTime: u64(),
    narSize: u64(),
    ultimate: bool(),
    signatures: signatures(),
    ca: ca(),
  },
})

/**
 * Validates store paths, hashes and signatures with a table of byte classes; it throws, without paths or limits.
 */
export const decodeChecked = (input: Uint8Array): CheckedPathInfo[] => {
  open(input)
  const items = count(72)
  const values = new Array<CheckedPathInfo>(items)
  for (let i = 0; i < items; i++) {
    values[i] = checkedInfo()
  }
  close()
  return values
}
