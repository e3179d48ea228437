import { isDeepStrictEqual } from 'node:util'
import { compile, type Grammar, listOf, struct, u64 } from '../../dist/index.js'
import { type NarEvent, NarParser, NixReader } from '../../dist/stream/index.js'
import { readArchive } from '../baselines/nar.js'
import type { Benchmark, Contestant } from '../measure.js'
import { Checked, type CheckedPathInfo, checked, protocol, right, w1 } from '../workloads/w1.js'
import { smallFiles, type W3 } from '../workloads/w3.js'
import { work } from './contestants.js'

const chunksOf = (bytes: Uint8Array, size: number): readonly Uint8Array[] =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size))

const whole = 'the whole buffer'

const fromChunks = <A>(
  name: string,
  grammar: Grammar<A>,
  bytes: Uint8Array,
  size: number,
  more: Pick<Contestant, 'target'> = {},
): Contestant => {
  const chunks = chunksOf(bytes, size)
  const run = () => new NixReader(chunks, { protocol }).promises.readValue(grammar)
  return {
    name,
    ...more,
    check: async () => {
      if (!isDeepStrictEqual(await run(), right(compile(grammar, protocol).decode(bytes)))) {
        throw new Error(`${name} gives another value`)
      }
    },
    run,
  }
}

const chunked = <A>(id: string, title: string, grammar: Grammar<A>, value: A): Benchmark => {
  const codec = compile(grammar, protocol)
  const bytes = right(codec.encode(value))
  return {
    id,
    title,
    base: whole,
    bytes: bytes.length,
    contestants: [
      work(whole, [bytes], [value], (message) => right(codec.decode(message))),
      fromChunks('from chunks of 64 KiB', grammar, bytes, 65536, { target: { atMost: 1.2 } }),
      fromChunks('from chunks of 4 KiB', grammar, bytes, 4096),
    ],
  }
}

const records = () => w1().records.map(checked) as never

export const chunksOfList = (): Benchmark =>
  chunked('w1-chunks', 'W1 as one list, from chunks', Checked, records())

export const chunksOfStruct = (): Benchmark =>
  chunked(
    'chunks-struct',
    'W1 as one list inside a struct, from chunks',
    struct('Inside', { before: u64, list: Checked, after: u64 }),
    { before: 1n, list: records(), after: 2n },
  )

export const chunksOfLists = (): Benchmark =>
  chunked('chunks-lists', 'W1 as lists of lists, from chunks', listOf(Checked), w1().checked as never)

export const chunksOfRecord = (): Benchmark => {
  const { records: all } = w1()
  const references = [...new Set(all.flatMap(({ info }) => info.references))].slice(0, 50_000)
  const more = references.map((path) => `${path}-2`)
  const [first] = all.map(checked)
  const one = {
    ...(first as CheckedPathInfo),
    info: { ...first!.info, references: [...references, ...more].sort() },
  }
  return chunked('chunks-record', 'one record of 100,000 references, from chunks', Checked, [one] as never)
}

const narBenchmark = (id: string, title: string, { archive, events }: W3): Benchmark => {
  const parsed = (size: number) => {
    const chunks = chunksOf(archive, size)
    return () => {
      const parser = new NarParser()
      return chunks.map((chunk) => parser.push(chunk).events)
    }
  }
  const contestant = (
    name: string,
    run: () => readonly (readonly NarEvent[])[],
    atMost?: number,
  ): Contestant => ({
    name,
    ...(atMost !== undefined && { target: { atMost } }),
    check: () => {
      if (!isDeepStrictEqual(joined(run().flat()), joined(events))) {
        throw new Error(`${name} gives other events`)
      }
    },
    run,
  })
  return {
    id,
    title,
    base: 'by hand',
    bytes: archive.length,
    contestants: [
      contestant('by hand', () => [readArchive(archive)]),
      contestant('nix-wire, the whole buffer', parsed(archive.length), 1.2),
      contestant('nix-wire, from chunks of 64 KiB', parsed(65536)),
    ],
  }
}

/** Contents that chunks have cut, joined again. */
const joined = (events: readonly NarEvent[]): readonly unknown[] => {
  const all: unknown[] = []
  let parts: Uint8Array[] = []
  for (const event of events) {
    if (event._tag === 'contents') {
      parts.push(event.bytes)
    } else {
      all.push(Buffer.concat(parts).toString('latin1'), event)
      parts = []
    }
  }
  return [...all, Buffer.concat(parts).toString('latin1')]
}

export const narSmall = (): Benchmark =>
  narBenchmark('w3-nar-small', 'W3, a NAR of 20,000 small files, as events', smallFiles())
