import type { Row, Rows } from './rows.js'

/** The types of fields, by Wireshark's names for them. A field of type `none` has parts but no value. */
export type FieldType = 'uint64' | 'int64' | 'bool' | 'string' | 'bytes' | 'none'

/** A field of Wireshark: its path in a message, and its display filter. */
export interface Field {
  readonly type: FieldType
  /** The steps from the message to the value, parted by dots. */
  readonly path: string
  /** The path, but where it has other characters than a filter takes, or is that of a field of another type. */
  readonly filter: string
}

/** Finds the fields of messages, each path and type once. */
export class Fields {
  readonly #rows: Rows
  readonly #found = new Map<string, Field>()
  readonly #types = new Map<string, FieldType>()
  readonly #visited = new Set<string>()

  /** `taken`: what is filtered by already, besides the values of messages. */
  constructor(rows: Rows, taken: ReadonlyMap<string, FieldType>) {
    this.#rows = rows
    for (const [path, type] of taken) {
      this.#add(type, path)
    }
  }

  get all(): ReadonlyArray<Field> {
    return [...this.#found.values()]
  }

  /** Adds those of a node whose value is at a path. */
  visit(number: number, path: string, open: ReadonlyMap<number, string> = new Map()): void {
    const visit = `${number} ${path}`
    if (!this.#visited.has(visit)) {
      this.#visited.add(visit)
      this.#visit(number, path, open)
    }
  }

  #visit(number: number, path: string, open: ReadonlyMap<number, string>): void {
    const row = this.#rows.at(number)
    switch (row.k) {
      case 'int':
        this.#add('uint64', path)
        break
      case 'signed':
        this.#add('int64', path)
        break
      case 'version':
      case 'text':
        this.#add('string', path)
        break
      case 'bool':
        this.#add('bool', path)
        break
      case 'bytes':
        this.#add('bytes', path)
        break
      case 'flags':
        this.#add('none', path)
        for (const [name] of row.flags as Flags) {
          this.#add('bool', inside(path, name))
        }
        break
      case 'struct':
        this.#add('none', path)
        this.#struct(row, path, open)
        break
      case 'list':
      case 'until':
      case 'framed':
        this.visit(row.of as number, path, open)
        break
      case 'map':
        this.visit(row.key as number, inside(path, 'key'), open)
        this.visit(row.of as number, inside(path, 'value'), open)
        break
      case 'choice':
        this.#choice(row, path, open)
        break
      case 'gated':
        for (const [, arm] of row.arms as Arms) {
          this.visit(arm, path, open)
        }
        this.visit(row.otherwise as number, path, open)
        break
      case 'pure':
        if (row.type !== undefined) {
          this.#add(row.type as FieldType, path)
        }
        break
      case 'lazy': {
        // Inside a recursive type, fields have the path of its first occurrence.
        const first = open.get(number) ?? path
        this.visit(row.of as number, first, new Map(open).set(number, first))
      }
    }
  }

  #struct(row: Row, path: string, open: ReadonlyMap<number, string>): void {
    for (const [key, number, fixed] of row.fields as StructFields) {
      if (fixed === undefined) {
        this.visit(number, inside(path, key), open)
      }
    }
  }

  #choice(row: Row, path: string, open: ReadonlyMap<number, string>): void {
    const cases = Object.values(row.cases as Cases)
    const tagType = this.#rows.at(row.tag as number).k === 'int' ? 'uint64' : 'string'
    if (row.open === true && row.none !== undefined) {
      this.#add(tagType, path)
    }
    if (row.key === undefined) {
      for (const [, body] of cases) {
        if (body === undefined) {
          this.#add('string', path)
        } else {
          this.visit(body, path, open)
        }
      }
      return
    }
    this.#add('none', path)
    this.#add('string', inside(path, row.key as string))
    for (const [name, body] of cases) {
      if (body !== undefined) {
        this.#struct(this.#rows.at(body), inside(path, name), open)
      }
    }
    if (row.rest !== undefined) {
      const [name, key, body] = row.rest as Rest
      this.#add(tagType, inside(inside(path, name), key))
      this.#struct(this.#rows.at(body), inside(path, name), open)
    }
  }

  #add(type: FieldType, path: string): void {
    const key = `${type} ${path}`
    if (path === '' || this.#found.has(key)) {
      return
    }
    const plain = plainFilter(path)
    let filter = plain
    for (let count = 1; (this.#types.get(filter) ?? type) !== type; count++) {
      filter = `${plain}_${type}${count === 1 ? '' : count}`
    }
    this.#types.set(filter, type)
    this.#found.set(key, { type, path, filter })
  }
}

type Flags = ReadonlyArray<readonly [name: string, high: number, mask: number]>
type Arms = ReadonlyArray<readonly [gate: unknown, node: number]>
type StructFields = ReadonlyArray<readonly [key: string, node: number, fixed?: object]>
type Cases = { readonly [tag: string]: readonly [name: string, body?: number] }
type Rest = readonly [name: string, key: string, body: number]

/** A path in the characters of a filter; no step of it is empty. */
const plainFilter = (path: string): string =>
  path
    .split('.')
    .map((step) => step.replace(/[^A-Za-z0-9_-]/g, '_') || '_')
    .join('.')

/** The path of a part. */
const inside = (path: string, step: string): string => (path === '' ? step : `${path}.${step}`)
