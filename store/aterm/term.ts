import type { FieldPath } from '../../combinators/issue.js'
import { show } from '../../combinators/show.js'
import type { TextFormat } from '../../combinators/text-format.js'
import type { Reader } from './reader.js'
import type { Writer } from './writer.js'

/** How to read and write a term. */
export interface Term<A> {
  readonly read: (reader: Reader, path: FieldPath) => A
  readonly write: (writer: Writer, value: A, path: FieldPath) => void
}

/** `"…"`: a string of any bytes. */
export const string: Term<string> = {
  read: (reader, path) => reader.string(path).value,
  write: (writer, value, path) =>
    typeof value === 'string' ? writer.string(value, path) : writer.refuse(path, 'a string', show(value)),
}

/** A string in the canonical form of a text format. */
export const formatted = <A>(format: Pick<TextFormat<A>, 'parse' | 'print' | 'summary'>): Term<A> => ({
  read: (reader, path) => {
    const token = reader.string(path)
    const value = reader.meaning(token, path, format.parse(token.value, reader.protocol))
    const printed = format.print(value, reader.protocol)
    if (printed._tag === 'Left' || printed.right !== token.value) {
      reader.refuse(token.start + 1, path, `${format.summary} in its usual form`)
    }
    return value
  },
  write: (writer, value, path) =>
    writer.string(writer.text(path, format.print(value, writer.protocol)), path),
})

/** `[…]`: any number of terms, with commas between them. */
export const list = <A>(item: Term<A>): Term<ReadonlyArray<A>> => ({
  read: (reader, path) => {
    const items: Array<A> = []
    reader.expect('[', path)
    while (!reader.next(']')) {
      if (items.length > 0) reader.expect(',', path)
      items.push(item.read(reader, [...path, items.length]))
    }
    reader.expect(']', path)
    return items
  },
  write: (writer, items, path) => {
    if (!Array.isArray(items)) writer.refuse(path, 'an array', show(items))
    writer.mark('[', path)
    for (let index = 0; index < items.length; index++) {
      if (index > 0) writer.mark(',', path)
      item.write(writer, items[index]!, [...path, index])
    }
    writer.mark(']', path)
  },
})

/** A list without duplicates. */
export const set = <A extends string>(item: Term<A>): Term<ReadonlyArray<A>> => {
  const all = list(item)
  return {
    read: (reader, path) => {
      const seen = new Set<A>()
      const once: Term<A> = {
        ...item,
        read: (at, itemPath) => {
          const start = at.at
          const value = item.read(at, itemPath)
          if (seen.has(value)) at.refuse(start, itemPath, 'something that was not there before')
          seen.add(value)
          return value
        },
      }
      return list(once).read(reader, path)
    },
    write: (writer, items, path) => {
      if (Array.isArray(items) && new Set(items).size < items.length) {
        writer.refuse(path, 'nothing twice', 'something twice')
      }
      all.write(writer, items, path)
    },
  }
}

/** `[(key,…),…]`: entries without duplicate keys, in the order of the text. */
export const entries = <K extends string, A>(key: Term<K>, value: Term<A>): Term<ReadonlyMap<K, A>> => ({
  read: (reader, path) => {
    const all = new Map<K, A>()
    const entry: Term<null> = {
      read: (at, itemPath) => {
        at.expect('(', itemPath)
        const start = at.at
        const name = key.read(at, itemPath)
        if (all.has(name)) at.refuse(start, itemPath, 'a key that was not there before')
        at.expect(',', itemPath)
        all.set(name, value.read(at, [...path, name]))
        at.expect(')', itemPath)
        return null
      },
      write: () => undefined,
    }
    list(entry).read(reader, path)
    return all
  },
  write: (writer, map, path) => {
    if (!(map instanceof Map)) writer.refuse(path, 'a Map', show(map))
    const pairs = [...map.entries()]
    const entry: Term<readonly [K, A]> = {
      read: () => pairs[0] as never,
      write: (at, [name, item], itemPath) => {
        at.mark('(', itemPath)
        key.write(at, name, itemPath)
        at.mark(',', itemPath)
        value.write(at, item, [...path, name])
        at.mark(')', itemPath)
      },
    }
    list(entry).write(writer, pairs, path)
  },
})

type Members<A> = { readonly [K in keyof A]: Term<A[K]> }

/** Consecutive terms with commas between them; each has a name in the value. */
export const members = <A extends object>(terms: Members<A>): Term<A> => {
  const all = Object.entries(terms) as ReadonlyArray<readonly [string, Term<unknown>]>
  return {
    read: (reader, path) => {
      const found: Array<readonly [string, unknown]> = []
      for (const [name, term] of all) {
        if (found.length > 0) reader.expect(',', path)
        found.push([name, term.read(reader, [...path, name])])
      }
      return Object.fromEntries(found) as A
    },
    write: (writer, value, path) => {
      for (const [index, [name, term]] of all.entries()) {
        if (index > 0) writer.mark(',', path)
        term.write(writer, (value as { readonly [name: string]: unknown })[name], [...path, name])
      }
    },
  }
}
