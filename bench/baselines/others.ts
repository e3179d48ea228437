import type { Counted } from '../workloads/others.js'
import * as input from './input.js'
import * as output from './output.js'

export const decodeTexts = (bytes: Uint8Array): Map<string, string> => {
  input.open(bytes)
  const items = input.count(16)
  const values = new Map<string, string>()
  for (let i = 0; i < items; i++) {
    const key = input.text()
    values.set(key, input.text())
  }
  input.close()
  return values.size === items ? values : input.refuse('a key twice')
}

export const encodeTexts = (values: ReadonlyMap<string, string>): Uint8Array => {
  output.open()
  output.word(values.size)
  let last = ''
  let first = true
  for (const [key, value] of values) {
    // ASCII keys are in the order of their bytes.
    if (!first && last >= key) {
      throw new Error('the order')
    }
    first = false
    last = key
    output.text(key)
    output.text(value)
  }
  return output.take()
}

export const decodeNumbers = (bytes: Uint8Array): bigint[] => {
  input.open(bytes)
  const items = input.count(8)
  const values = new Array<bigint>(items)
  for (let i = 0; i < items; i++) {
    values[i] = input.u64()
  }
  input.close()
  return values
}

export const encodeNumbers = (values: readonly bigint[]): Uint8Array => {
  output.open()
  output.word(values.length)
  for (let i = 0; i < values.length; i++) {
    output.u64(values[i] as bigint)
  }
  return output.take()
}

const counted = (): Counted => ({
  kind: input.byte(),
  level: input.word(),
  started: input.word(),
  stopped: input.word(),
  done: input.bool(),
  running: input.word(),
  failed: input.word(),
  kept: input.bool(),
  expected: input.word(),
  parent: input.word(),
  cores: input.byte(),
  trusted: input.bool(),
})

export const decodeCounters = (bytes: Uint8Array): Counted[] => {
  input.open(bytes)
  const items = input.count(96)
  const values = new Array<Counted>(items)
  for (let i = 0; i < items; i++) {
    values[i] = counted()
  }
  input.close()
  return values
}

export const encodeCounters = (values: readonly Counted[]): Uint8Array => {
  output.open()
  output.word(values.length)
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as Counted
    output.word(value.kind, 255)
    output.word(value.level)
    output.word(value.started)
    output.word(value.stopped)
    output.bool(value.done)
    output.word(value.running)
    output.word(value.failed)
    output.bool(value.kept)
    output.word(value.expected)
    output.word(value.parent)
    output.word(value.cores, 255)
    output.bool(value.trusted)
  }
  return output.take()
}
