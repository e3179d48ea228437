import type { NarEvent } from '../../dist/stream/index.js'
import { NarWriter } from '../../dist/stream/index.js'
import { Random } from './random.js'

/** W3: an archive of 20,000 small files in 200 directories. Large files are the concern of whole processes. */

export interface W3 {
  readonly archive: Uint8Array
  readonly events: readonly NarEvent[]
}

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789'

const bytesOf = (random: Random, size: number): Uint8Array => {
  const bytes = new Uint8Array(size)
  for (let i = 0; i < size; i += 64) {
    bytes[i] = random.between(0, 255)
  }
  return bytes
}

const namesOf = (random: Random, count: number): readonly string[] => {
  const names = new Set<string>()
  while (names.size < count) {
    names.add(random.text(letters, random.between(3, 20)))
  }
  return [...names].sort()
}

function* fileOf(random: Random, size: number): Generator<NarEvent> {
  yield { _tag: 'regular', executable: random.chance(0.1), size }
  if (size > 0) {
    yield { _tag: 'contents', bytes: bytesOf(random, size) }
  }
}

function* treeOf(
  random: Random,
  directories: number,
  files: number,
  size: () => number,
): Generator<NarEvent> {
  yield { _tag: 'directory' }
  for (const directory of namesOf(random, directories)) {
    yield { _tag: 'entry', name: directory }
    yield { _tag: 'directory' }
    for (const name of namesOf(random, files)) {
      yield { _tag: 'entry', name }
      yield* fileOf(random, size())
    }
    yield { _tag: 'directoryEnd' }
  }
  yield { _tag: 'directoryEnd' }
}

const packed = (events: readonly NarEvent[]): W3 => {
  const writer = new NarWriter()
  for (const event of events) {
    writer.write(event)
  }
  writer.finish()
  return { archive: new Uint8Array(Buffer.concat(writer.take())), events }
}

export const smallFiles = (directories = 200): W3 => {
  const random = new Random(3)
  return packed([...treeOf(random, directories, 100, () => random.between(0, 400))])
}
