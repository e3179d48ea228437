import type { NarEvent } from '../../dist/stream/index.js'
import { NarWriter } from '../../dist/stream/index.js'
import { contentsOf, namesOf } from './files.js'
import { Random } from './random.js'

/** W3: an archive of 20,000 small files in 200 directories. Large files are measured with whole processes. */

export interface W3 {
  readonly archive: Uint8Array
  readonly events: readonly NarEvent[]
}

function* fileOf(random: Random, size: number): Generator<NarEvent> {
  yield { _tag: 'regular', executable: random.chance(0.1), size }
  if (size > 0) {
    yield { _tag: 'contents', bytes: contentsOf(random, size) }
  }
}

function* treeOf(
  random: Random,
  directories: number,
  files: number,
  size: () => number,
): Generator<NarEvent> {
  yield { _tag: 'directory' }
  for (const directory of [...namesOf(random, directories)].sort()) {
    yield { _tag: 'entry', name: directory }
    yield { _tag: 'directory' }
    for (const name of [...namesOf(random, files)].sort()) {
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
