import { LosslessNumber } from 'lossless-json'
import { greatestOf } from '../../combinators/greatest.js'
import {
  type AnyGrammar,
  type ChoiceNode,
  type FieldNode,
  grammarFor,
  type LazyNode,
  type MapNode,
  nodeName,
  type ResolvedNode,
  type StructNode,
  type TextNode,
} from '../../combinators/node.js'
import { nodesIn } from '../../combinators/parts.js'
import { textSchema } from '../../combinators/pattern-regex.js'
import type { Protocol } from '../../combinators/protocol.js'
import { protocolFor } from '../../combinators/protocol-for.js'
import { resolved } from '../../combinators/resolved.js'
import { isWrapped, showsAsString } from './form.js'
import type { Json } from './text.js'
import { constantJson } from './to-json.js'

/** A JSON Schema, or a part of one, as plain JSON. */
export type JsonSchema = { readonly [keyword: string]: unknown }

/**
 * The JSON Schema (2020-12) of the JSON form that {@link toJson} gives.
 *
 * ```ts
 * import { listOf, optionalByTag, u8, utf8 } from 'nix-wire'
 * import { toJsonSchema } from 'nix-wire/interpreters'
 *
 * toJsonSchema(listOf(optionalByTag(u8, utf8)))
 * // => {
 * //   $schema: 'https://json-schema.org/draft/2020-12/schema',
 * //   type: 'array',
 * //   items: { anyOf: [{ type: 'string' }, { type: 'null' }] },
 * // }
 * ```
 *
 * The schema does not have what a `refine` or an `imap` demands beyond the shape. A bound above 2^53 is rounded to a
 * double, since validators compute with doubles; for the same reason a set of such integers is not marked
 * `uniqueItems`.
 */
export const toJsonSchema = (grammar: AnyGrammar, given: Partial<Protocol> = {}): JsonSchema => {
  const { node } = grammarFor('toJsonSchema', grammar)
  const agreed = protocolFor('toJsonSchema', node, given)
  const builder = new Builder(agreed)
  const schema = builder.schema(resolved(grammar, agreed).node)
  const { definitions } = builder
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    ...(node.name === undefined ? {} : { title: node.name }),
    ...(node.summary === undefined ? {} : { description: node.summary }),
    ...schema,
    ...(Object.keys(definitions).length === 0 ? {} : { $defs: definitions }),
  }
}

const anyOf = (...schemas: ReadonlyArray<JsonSchema>): JsonSchema => ({ anyOf: schemas })

const nothing: JsonSchema = { type: 'null' }

const integer = (max: bigint): JsonSchema => ({ type: 'integer', minimum: 0, maximum: Number(max) })

class Builder {
  readonly definitions: { [name: string]: JsonSchema } = {}
  readonly #protocol: Protocol
  readonly #names = new Map<LazyNode['get'], string>()

  constructor(agreed: Protocol) {
    this.#protocol = agreed
  }

  schema(node: ResolvedNode): JsonSchema {
    switch (node._tag) {
      case 'int':
        return integer(greatestOf(node))
      case 'bool':
        return { type: 'boolean' }
      case 'bytes':
        return { type: 'string', contentEncoding: 'base64' }
      case 'text':
        return this.#text(node)
      case 'struct':
        return this.#struct(node)
      case 'sequence':
        return node.kind === 'map'
          ? this.#map(node)
          : {
              type: 'array',
              items: this.schema(node.item),
              ...(node.kind === 'set' && !hasLargeNumbers(node.item) ? { uniqueItems: true } : {}),
            }
      case 'choice':
        return this.#choice(node)
      case 'pure':
        return { const: doubles(constantJson(node, this.#protocol)) }
      case 'lazy':
        return this.#lazy(node)
      case 'imap':
        return typeof node.json === 'string'
          ? { type: node.json === 'number' || node.json === 'bigint' ? 'integer' : node.json }
          : this.schema(node.json ?? node.inner)
      case 'until':
        return { type: 'array', items: this.schema(node.item) }
      case 'framed':
      case 'span':
        return this.schema(node.inner)
    }
  }

  #text({ format, optional }: TextNode): JsonSchema {
    const present: JsonSchema =
      format?.json === true ? { type: ['object', 'string'] } : textSchema(format, this.#protocol)
    return optional ? anyOf(present, nothing) : present
  }

  #struct(node: StructNode<ResolvedNode>): JsonSchema {
    const inValue = node.fields.filter(({ fixed }) => fixed === undefined)
    if (node.shape === 'tuple') {
      const items = inValue.map((field) => this.schema(field.node))
      return {
        type: 'array',
        ...(items.length === 0 ? {} : { prefixItems: items }),
        items: false,
        minItems: items.length,
      }
    }
    return this.#object([], inValue)
  }

  #object(
    constants: ReadonlyArray<readonly [string, JsonSchema]>,
    fields: ReadonlyArray<FieldNode<ResolvedNode>>,
  ): JsonSchema {
    const entries = [
      ...constants,
      ...fields
        .filter(({ fixed }) => fixed === undefined)
        .map(({ key, node }) => [String(key), this.schema(node)] as const),
    ]
    return {
      type: 'object',
      properties: Object.fromEntries(entries),
      required: entries.map(([key]) => key),
      additionalProperties: false,
    }
  }

  #map(node: MapNode<ResolvedNode>): JsonSchema {
    const [key, item] = [this.schema(node.key), this.schema(node.item)]
    return showsAsString(node.key)
      ? { type: 'object', propertyNames: key, additionalProperties: item }
      : {
          type: 'array',
          items: { type: 'array', prefixItems: [key, item], items: false, minItems: 2 },
        }
  }

  #choice(node: ChoiceNode<ResolvedNode>): JsonSchema {
    const open = node.rest === 'tag' ? [this.#otherTag(node)] : []
    switch (node.shape._tag) {
      case 'enum': {
        const names: JsonSchema = { enum: node.cases.map(({ name }) => name) }
        return open.length === 0 ? names : anyOf(names, ...open)
      }
      case 'option': {
        const body = node.cases.find((each) => each.body !== undefined)?.body
        return anyOf(body === undefined ? this.#someOf(node) : this.#present(node, body), nothing, ...open)
      }
      case 'tagged': {
        const { key } = node.shape
        const cases = node.cases.map(({ name, body }) => this.#case([[key, { const: name }]], body))
        const { rest } = node
        const others =
          typeof rest === 'object'
            ? [
                this.#case(
                  [
                    [key, { const: rest.name }],
                    [rest.key, this.#otherTag(node)],
                  ],
                  rest.body,
                ),
              ]
            : []
        return { oneOf: [...cases, ...others] }
      }
    }
  }

  #case(known: ReadonlyArray<readonly [string, JsonSchema]>, body: ResolvedNode | undefined): JsonSchema {
    return this.#object(known, body?._tag === 'struct' ? body.fields : [])
  }

  /** A tag that no case has. Above 2^53 a validator cannot tell tags apart. */
  #otherTag({ tag, cases }: ChoiceNode<ResolvedNode>): JsonSchema {
    const taken = cases.map((each) => (typeof each.tag === 'string' ? each.tag : Number(each.tag)))
    const known = taken.filter((each) => typeof each === 'string' || Number.isSafeInteger(each))
    return { ...this.schema(tag), ...(known.length === 0 ? {} : { not: { enum: known } }) }
  }

  #someOf(node: ChoiceNode<ResolvedNode>): JsonSchema {
    return { enum: node.cases.slice(1).map(({ name }) => name) }
  }

  #present(node: ChoiceNode<ResolvedNode>, body: ResolvedNode): JsonSchema {
    const schema = this.schema(body)
    return isWrapped(node, body)
      ? { type: 'array', prefixItems: [schema], items: false, minItems: 1 }
      : schema
  }

  #lazy(node: LazyNode<ResolvedNode>): JsonSchema {
    const known = this.#names.get(node.get)
    if (known !== undefined) {
      return { $ref: `#/$defs/${known}` }
    }
    const target = node.get()
    const base = nodeName(target).replace(/[^A-Za-z0-9]/g, '')
    const name = Object.hasOwn(this.definitions, base) ? `${base}${this.#names.size}` : base
    this.#names.set(node.get, name)
    this.definitions[name] = {}
    this.definitions[name] = this.schema(target)
    return { $ref: `#/$defs/${name}` }
  }
}

const isLarge = (node: ResolvedNode | TextNode): boolean =>
  node._tag === 'int' && node.max > BigInt(Number.MAX_SAFE_INTEGER)

/** Whether two values may be equal to a validator, which calculates in doubles. */
const hasLargeNumbers = (node: ResolvedNode, seen = new Set<ResolvedNode>()): boolean =>
  [...nodesIn(node)].some((each) => {
    if (seen.has(each)) {
      return false
    }
    seen.add(each)
    switch (each._tag) {
      case 'choice':
        return each.rest !== undefined && isLarge(each.tag)
      case 'imap':
        return typeof each.json === 'object' ? hasLargeNumbers(each.json, seen) : each.json === 'bigint'
      default:
        return isLarge(each)
    }
  })

/** JSON as a validator sees it: integers as doubles. */
const doubles = (json: Json): unknown => {
  if (typeof json === 'bigint' || json instanceof LosslessNumber) {
    return Number(json)
  }
  if (Array.isArray(json)) {
    return json.map(doubles)
  }
  return typeof json === 'object' && json !== null
    ? Object.fromEntries(Object.entries(json).map(([key, each]) => [key, doubles(each as Json)]))
    : json
}
