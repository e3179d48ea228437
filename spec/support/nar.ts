import fc from 'fast-check'
import type { Issue } from '../../combinators/index.js'
import type { NarDirectory, NarNode } from '../../grammar/nar.js'
import { type NarEvent, NarParser, type NarParserOptions } from '../../stream/nar/index.js'
import { anyText } from './any-text.js'

/** Texts in the form of an archive, written here without the library. */
export const words = (...texts: ReadonlyArray<string | Uint8Array>): Buffer =>
  Buffer.concat(
    texts.map((text) => {
      const bytes = Buffer.from(text)
      const length = Buffer.alloc(8)
      length.writeBigUInt64LE(BigInt(bytes.length))
      return Buffer.concat([length, bytes, Buffer.alloc((8 - (bytes.length % 8)) % 8)])
    }),
  )

/** A node, and the archive of one. */
export const file = (contents: string | Uint8Array): Buffer =>
  words('(', 'type', 'regular', 'contents', contents, ')')
export const directory = (...entries: ReadonlyArray<readonly [string | Uint8Array, Buffer]>): Buffer =>
  Buffer.concat([
    words('(', 'type', 'directory'),
    ...entries.map(([name, node]) =>
      Buffer.concat([words('entry', '(', 'name', name, 'node'), node, words(')')]),
    ),
    words(')'),
  ])
export const archive = (node: Uint8Array): Buffer => Buffer.concat([words('nix-archive-1'), node])

/** A number as eight bytes. */
export const u64le = (value: bigint): Buffer => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(value)
  return bytes
}

export interface Parsed {
  readonly events: ReadonlyArray<NarEvent>
  readonly issue: Issue | null
  readonly wrongByte: number | undefined
  /** The offset after the archive. */
  readonly end: number
}

/** Cuts bytes into chunks of these sizes, repeated. */
export const cut = (bytes: Uint8Array, sizes: ReadonlyArray<number>): ReadonlyArray<Uint8Array> => {
  const chunks: Array<Uint8Array> = []
  for (let at = 0, i = 0; at < bytes.length; at += sizes[i % sizes.length]!, i++) {
    chunks.push(bytes.subarray(at, at + sizes[i % sizes.length]!))
  }
  return chunks
}

/** Joins pieces of contents, so that events do not depend on the chunks. */
const merge = (events: ReadonlyArray<NarEvent>): ReadonlyArray<NarEvent> =>
  events.reduce<Array<NarEvent>>((merged, event) => {
    const last = merged.at(-1)
    if (last?._tag === 'contents' && event._tag === 'contents') {
      merged[merged.length - 1] = { _tag: 'contents', bytes: Buffer.concat([last.bytes, event.bytes]) }
    } else {
      merged.push(event._tag === 'contents' ? { ...event, bytes: Buffer.from(event.bytes) } : event)
    }
    return merged
  }, [])

export const parse = (
  bytes: Uint8Array,
  sizes: ReadonlyArray<number> = [Math.max(1, bytes.length)],
  options: NarParserOptions = {},
): Parsed => {
  const parser = new NarParser(options)
  const events: Array<NarEvent> = []
  for (const chunk of cut(bytes, sizes)) {
    const step = parser.push(chunk)
    events.push(...step.events)
    if (step._tag !== 'more') {
      break
    }
  }
  const issue = parser.finish()
  return { events: merge(events), issue, wrongByte: parser.wrongByte, end: parser.offset }
}

/** The expected events of an archive, from its value. */
export const eventsOf = (node: NarNode): ReadonlyArray<NarEvent> => {
  switch (node.type) {
    case 'regular': {
      const { executable, contents } = node
      const head: NarEvent = { _tag: 'regular', executable, size: contents.length }
      return contents.length === 0 ? [head] : [head, { _tag: 'contents', bytes: Buffer.from(contents) }]
    }
    case 'symlink':
      return [{ _tag: 'symlink', target: node.target }]
    case 'directory':
      return [
        { _tag: 'directory' },
        ...node.entries.flatMap(
          ({ name, node: inside }): ReadonlyArray<NarEvent> => [{ _tag: 'entry', name }, ...eventsOf(inside)],
        ),
        { _tag: 'directoryEnd' },
      ]
  }
}

const name = fc.oneof(
  { weight: 3, arbitrary: fc.stringMatching(/^[a-z0-9.~A-Z]{1,9}$/) },
  anyText({ minLength: 1, maxLength: 8 }),
  fc.constantFrom('\udcff', 'a\udc80', '\uffee', '\u{1f600}', '\ud7ff', 'x'.repeat(255)),
)

const compareNames = (a: string, b: string): number => Buffer.compare(nameBuffer(a), nameBuffer(b))

const nameBuffer = (text: string): Buffer =>
  Buffer.concat(
    Array.from(text, (character) =>
      /^[\udc80-\udcff]$/.test(character)
        ? Buffer.from([character.charCodeAt(0) - 0xdc00])
        : Buffer.from(character),
    ),
  )

const isName = (text: string): boolean =>
  text !== '.' && text !== '..' && !/[/\0]/.test(text) && nameBuffer(text).length <= 255

/** Archives as values: every kind of node, names that are not UTF-8 among them. */
export const narNode: fc.Arbitrary<NarNode> = fc.letrec<{ node: NarNode; directory: NarDirectory }>(
  (tie) => ({
    node: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.record({
        type: fc.constant('regular' as const),
        executable: fc.boolean(),
        contents: fc.uint8Array({ maxLength: 40 }),
      }),
      fc.record({
        type: fc.constant('symlink' as const),
        target: anyText({ minLength: 1, maxLength: 30 }).filter((target) => !target.includes('\0')),
      }),
      tie('directory'),
    ),
    directory: fc
      .uniqueArray(fc.record({ name: name.filter(isName), node: tie('node') }), {
        maxLength: 5,
        selector: (entry) => nameBuffer(entry.name).toString('hex'),
      })
      .map((entries) => ({
        type: 'directory' as const,
        entries: [...entries].sort((a, b) => compareNames(a.name, b.name)),
      })),
  }),
).node

export const chunkSizes: fc.Arbitrary<ReadonlyArray<number>> = fc.array(
  fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 300 })),
  { minLength: 1, maxLength: 6 },
)
