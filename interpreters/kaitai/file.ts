import type { Node, SequenceNode } from '../../combinators/node.js'
import { partsOf } from '../../combinators/parts.js'
import { definitionOf, readingOf } from './definition.js'
import { type Param, paramsOf, paramsYaml, withArguments } from './gates.js'
import { Ids, snake } from './ids.js'
import { type Definition, definitionYaml, type Types } from './types.js'
import { printYaml, type Yaml } from './yaml.js'

/** Grammars, and the names of their types. */
export type Named = ReadonlyArray<readonly [node: Node, id: string]>

/** A file of types, each written where it first occurs. */
export class TypesFile implements Types {
  readonly #id: string
  readonly #root: Node | null
  readonly #others: ReadonlyMap<Node, string>
  readonly #own: Named
  readonly #ids: Ids
  readonly #names: Map<Node, string>
  readonly #naming = new Set<Node>()
  readonly #helpers = new Map<unknown, string>()
  /** Types with the same definition as another. */
  readonly #same = new Map<string, string>()
  readonly #sequences = new Set<Node>()
  readonly #types = new Map<string, Yaml>()
  readonly #imports = new Set<string>()

  /** `own`: the named grammars of the file; `root`: the grammar of the file itself. */
  constructor(id: string, root: Node | null, own: Named, others: ReadonlyMap<Node, string>) {
    this.#id = id
    this.#root = root
    this.#others = others
    this.#own = own
    // If a grammar has two names, others use the first.
    this.#names = new Map([...own].reverse())
    this.#ids = new Ids('type', [id, 'message', ...own.map(([, each]) => each), ...others.values()])
    if (root !== null) {
      this.#names.set(root, id)
    }
  }

  of(node: Node, name: string): string {
    const { body, called } = this.#through(node)
    const other = body === this.#root ? undefined : this.#others.get(body)
    if (other !== undefined) {
      this.#imports.add(other)
    }
    const id = other ?? this.#names.get(body) ?? this.#defined(body, called ?? this.#nameFor(body) ?? name)
    return withArguments(id, paramsOf(body))
  }

  nameOf(node: Node): string {
    const { body, called } = this.#through(node)
    return this.#others.get(body) ?? this.#names.get(body) ?? called ?? this.#nameFor(body) ?? body._tag
  }

  /** For a recursive grammar the name is only its kind. */
  #nameFor(node: Node): string | undefined {
    if (this.#naming.has(node)) {
      return node._tag
    }
    this.#naming.add(node)
    const name = nameFor(node, this)
    this.#naming.delete(node)
    return name
  }

  helper(key: unknown, name: string, whole: Node | null, define: (id: string) => Definition): string {
    const params = whole === null ? [] : paramsOf(whole)
    const found = this.#helpers.get(key)
    if (found !== undefined) {
      return withArguments(found, params)
    }
    const id = this.#ids.take(name)
    this.#helpers.set(key, id)
    this.#add(id, params, () => define(id))
    return withArguments(id, params)
  }

  /** Adds the types of the file's own names; other types with the same definition refer to these. */
  #addOwn(): void {
    for (const [node, id] of this.#own) {
      if (isLeaf(node)) {
        this.#same.set(alikeKey(id, definitionOf(node, id, [], this)), id)
      }
    }
    for (const [node, id] of this.#own) {
      const params = paramsOf(node)
      this.#add(id, params, () => definitionOf(node, id, idsOf(params), this))
    }
  }

  /** The whole file; a root also gets a type that allows no bytes after it. */
  print(title: string, doc: string): string {
    this.#addOwn()
    const params = this.#root === null ? [] : paramsOf(this.#root)
    const root = this.#root === null ? null : definitionOf(this.#root, this.#id, idsOf(params), this)
    const types = [...this.#types].sort(([a], [b]) => (a < b ? -1 : 1))
    const message: ReadonlyArray<readonly [string, Yaml]> =
      root === null ? [] : [['message', messageYaml(this.#id, params)]]
    const { doc: about, ...body } =
      root === null ? { doc: undefined } : definitionYaml(root, paramsYaml(params, true))
    return printYaml({
      meta: {
        id: this.#id,
        title,
        'ks-version': '0.11',
        endian: 'le',
        imports: this.#imports.size === 0 ? undefined : [...this.#imports].sort(),
      },
      doc: about === undefined ? doc : `${String(about)}\n${doc}`,
      ...body,
      types: new Map<string, Yaml>([...message, ...types]),
    })
  }

  /** Skips nodes that change nothing on the wire, up to one with a name in a file. */
  #through(node: Node): { readonly body: Node; readonly called: string | undefined } {
    let body = node
    let called: string | undefined
    while (!this.#names.has(body) && !this.#others.has(body)) {
      called ??= body.name
      if (body._tag === 'lazy') {
        body = body.get()
      } else if (body._tag === 'imap' || body._tag === 'span') {
        body = body.inner
      } else {
        break
      }
    }
    return { body, called: body.name === 'tuple' ? undefined : (body.name ?? called) }
  }

  #defined(node: Node, name: string): string {
    if (isLeaf(node)) {
      const definition = definitionOf(node, name, [], this)
      return this.#alike(node, name, definition, () => definition)
    }
    if (node._tag === 'sequence' && !this.#sequences.has(node)) {
      this.#sequences.add(node)
      const parts = [...partsOf(node).map((part) => readingOf(part, name, this)), countOf(node), node.summary]
      return this.#names.get(node) ?? this.#alike(node, name, parts, (id) => definitionOf(node, id, [], this))
    }
    const id = this.#ids.take(name)
    this.#names.set(node, id)
    const params = paramsOf(node)
    this.#add(id, params, () => definitionOf(node, id, idsOf(params), this))
    return id
  }

  /** The type with that name and the same definition; a new one if there is none. */
  #alike(node: Node, name: string, said: unknown, define: (id: string) => Definition): string {
    const key = alikeKey(name, said)
    const found = this.#same.get(key)
    const id = found ?? this.#ids.take(name)
    this.#names.set(node, id)
    this.#same.set(key, id)
    if (found === undefined) {
      this.#add(id, paramsOf(node), () => define(id))
    }
    return id
  }

  #add(id: string, params: ReadonlyArray<Param>, define: () => Definition): void {
    this.#types.set(id, definitionYaml(define(), paramsYaml(params, false)))
  }
}

const idsOf = (params: ReadonlyArray<Param>): ReadonlyArray<string> => params.map(({ id }) => id)

const alikeKey = (name: string, said: unknown): string =>
  `${snake(name)} ${JSON.stringify(said, (_, each) => (typeof each === 'bigint' ? `${each}n` : each))}`

const countOf = (node: SequenceNode): unknown =>
  node.count === 'toEnd' ? node.count : [node.kind, node.count.max, node.count.keepBits]

const isLeaf = ({ _tag }: Node): boolean =>
  _tag === 'int' || _tag === 'bool' || _tag === 'bytes' || _tag === 'text' || _tag === 'pure'

const messageYaml = (id: string, params: ReadonlyArray<Param>): Yaml =>
  definitionYaml(
    {
      doc: ['all of a message: nothing may be behind the value'],
      fields: [
        { id: 'value', type: withArguments(id, params) },
        { id: 'rest', 'size-eos': true, valid: { expr: '_.length == 0' } },
      ],
    },
    paramsYaml(params, false),
  )

/** The name of a node without one; undefined if the node around it decides. */
const nameFor = (node: Node, types: Types): string | undefined => {
  switch (node._tag) {
    case 'int':
      return node.keepBits === undefined ? 'integer' : `low_bits_${node.keepBits}`
    case 'bool':
      return 'bool_value'
    case 'bytes':
      return node.length === 'padded'
        ? 'padded_bytes'
        : node.length === 'toEnd'
          ? 'rest_bytes'
          : `bytes_${node.length}`
    case 'text': {
      const name = node.format?.name ?? (node.encoding === 'utf8' ? 'utf8_text' : 'escaped_text')
      return node.optional ? `optional_${name}` : name
    }
    case 'sequence':
      return node.kind === 'map'
        ? `map_of_${types.nameOf(node.key)}_to_${types.nameOf(node.item)}`
        : `${node.kind}_of_${types.nameOf(node.item)}`
    case 'until':
      return `items_of_${types.nameOf(node.item)}`
    case 'framed':
      return `frames_of_${types.nameOf(node.inner)}`
    case 'pure':
      return 'nothing'
    case 'struct':
    case 'choice':
    case 'gated':
    case 'lazy':
    case 'imap':
    case 'span':
      return undefined
  }
}
