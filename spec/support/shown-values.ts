import { isRight } from 'fp-ts/lib/Either.js'
import { compareTexts } from '../../bytes/order.js'
import type { ChoiceNode, Grammar, ImapNode, Node, ResolvedNode, StructNode } from '../../combinators/node.js'
import { viewOf } from '../../combinators/view.js'
import { fromJson, type Json, printJson, toJsonAsItIs } from '../../interpreters/json/index.js'
import { intView, isOptionalView } from '../../interpreters/wireshark/views.js'
import { rightOf } from './either.js'
import type { ShownPacket, ShownValue } from './tshark-dissection.js'

/** A value of a JSON form, with the path under which it must be found. */
export interface Wanted extends ShownValue {
  /** Its text is JSON, which can be written in other ways. */
  readonly json?: true
  /** Only the size of these bytes is known. */
  readonly size?: number
}

type Fields = { readonly [key: string]: Json }

const isFields = (json: Json): json is Fields =>
  typeof json === 'object' && json !== null && !Array.isArray(json)

const inside = (path: string, step: string | number): string => `${path}.${step}`

const word = (path: string, json: Json): ReadonlyArray<Wanted> =>
  json === null ? [] : [{ filter: path, text: typeof json === 'boolean' ? (json ? '1' : '0') : String(json) }]

/** The paths of recursive grammars around a value. */
type Open = ReadonlyMap<ResolvedNode, string>

/**
 * The values of a JSON form, in the order of the wire, by the steps that lead to them. Inside a recursive type, values
 * have the path of its first occurrence.
 */
export const wantedValues = (
  node: ResolvedNode,
  json: Json,
  path: string,
  open: Open = new Map(),
): ReadonlyArray<Wanted> => {
  switch (node._tag) {
    case 'int':
    case 'bool':
      return word(path, json)
    case 'text':
      return node.format?.json === true && json !== null
        ? [{ filter: path, text: typeof json === 'string' ? json : printJson(json), json: true }]
        : word(path, json)
    case 'bytes':
      return [
        {
          filter: path,
          text: (
            Buffer.from(json as string, 'base64')
              .toString('hex')
              .match(/../g) ?? []
          ).join(':'),
        },
      ]
    case 'struct':
      return [{ filter: path, text: '' }, ...wantedFields(node, json, path, open)]
    case 'sequence':
      return node.kind === 'map'
        ? pairsOf(json).flatMap(([key, value]) => [
            ...wantedValues(node.key, key, inside(path, 'key'), open),
            ...wantedValues(node.item, value, inside(path, 'value'), open),
          ])
        : (json as ReadonlyArray<Json>).flatMap((each) => wantedValues(node.item, each, path, open))
    case 'until':
      return (json as ReadonlyArray<Json>).flatMap((each) => wantedValues(node.item, each, path, open))
    case 'choice':
      return wantedOfChoice(node, json, path, open)
    case 'pure':
      return typeof json === 'object' || (typeof json === 'bigint' && json < 0n) ? [] : word(path, json)
    case 'lazy':
      return wantedValues(
        node.get(),
        json,
        open.get(node) ?? path,
        new Map(open).set(node, open.get(node) ?? path),
      )
    case 'imap':
      return wantedOfView(node, json, path, open)
    case 'framed':
    case 'span':
      return wantedValues(node.inner, json, path, open)
  }
}

const wantedFields = (
  node: StructNode<ResolvedNode>,
  json: Json,
  path: string,
  open: Open,
): ReadonlyArray<Wanted> =>
  node.fields
    .filter(({ fixed }) => fixed === undefined)
    .flatMap(({ key, node: field }, i) =>
      wantedValues(
        field,
        Array.isArray(json) ? (json[i] as Json) : ((json as Fields)[key] as Json),
        inside(path, key),
        open,
      ),
    )

/** Keys that look like integers come first in an object. */
const pairsOf = (json: Json): ReadonlyArray<readonly [Json, Json]> =>
  isFields(json)
    ? Object.entries(json).sort(([a], [b]) => compareTexts(a, b))
    : (json as ReadonlyArray<readonly [Json, Json]>)

const wantedOfChoice = (
  { shape, cases, rest }: ChoiceNode<ResolvedNode>,
  json: Json,
  path: string,
  open: Open,
): ReadonlyArray<Wanted> => {
  if (shape._tag === 'tagged') {
    const name = (json as Fields)[shape.key] as string
    const isOther = typeof rest === 'object' && rest.name === name
    const body = isOther ? rest.body : cases.find((each) => each.name === name)?.body
    return [
      { filter: path, text: '' },
      ...word(inside(path, shape.key), name),
      ...(isOther ? word(inside(inside(path, name), rest.key), (json as Fields)[rest.key] as Json) : []),
      ...(body === undefined ? [] : wantedFields(structOf(body), json, inside(path, name), open)),
    ]
  }
  const body = shape._tag === 'option' ? cases.find((each) => each.body !== undefined)?.body : undefined
  if (body === undefined || json === null || (rest === 'tag' && typeof json === 'bigint')) {
    return word(path, json)
  }
  // A value that may be null or an integer itself is shown in an array.
  return wantedValues(
    body,
    Array.isArray(json) && json.length === 1 && isWrapped(body) ? json[0]! : json,
    path,
    open,
  )
}

/** The fields of a case are beside its tag. */
const structOf = (body: ResolvedNode): StructNode<ResolvedNode> => {
  if (body._tag !== 'struct') {
    throw new TypeError(`a case of a tagged choice is a struct, not ${body._tag}`)
  }
  return body
}

const isWrapped = (body: ResolvedNode): boolean => {
  switch (body._tag) {
    case 'sequence':
    case 'until':
      return false
    case 'struct':
      return body.shape === 'record'
    case 'lazy':
      return isWrapped(body.get())
    case 'framed':
    case 'span':
      return isWrapped(body.inner)
    case 'imap':
      return typeof body.json === 'object' ? isWrapped(body.json) : isWrapped(body.inner)
    default:
      return true
  }
}

const innermost = (node: ImapNode<ResolvedNode>): Node =>
  node.inner._tag === 'imap' ? innermost(node.inner) : node.inner

const wantedOfView = (
  node: ImapNode<ResolvedNode>,
  json: Json,
  path: string,
  open: Open,
): ReadonlyArray<Wanted> => {
  if (node.json === undefined) {
    return wantedValues(node.inner, json, path, open)
  }
  const inner = innermost(node)
  const isShown =
    inner._tag === 'int'
      ? intView(node as ImapNode, inner) !== null
      : inner._tag === 'text' && isOptionalView(node as ImapNode)
  if (!isShown) {
    return wantedValues(node.inner, innerJson(node, json), path, open)
  }
  return typeof node.json === 'object' ? wantedValues(node.json, json, path, open) : word(path, json)
}

/** No function runs in a dissector, so it shows the value inside a view. */
const innerJson = (node: ImapNode<ResolvedNode>, json: Json): Json => {
  const value = rightOf(fromJson({ node } as Grammar<unknown>, {}, json))
  const inner = viewOf(node as ImapNode).to(value)
  if (!isRight(inner)) {
    throw new TypeError(`no value is inside ${printJson(json)}`)
  }
  return toJsonAsItIs({ node: node.inner } as Grammar<unknown>, {}, inner.right)
}

/** Bytes that are not UTF-8 are replaced, and characters that would end a C string are shown. */
const plainText = (text: string): string =>
  text.replace(/[\udc80-\udcff\ufffd]+/g, '\ufffd').replaceAll('\0', '\u2400')

const sorted = (json: string): string => {
  try {
    return JSON.stringify(JSON.parse(json), (_, each) =>
      typeof each === 'object' && each !== null && !Array.isArray(each)
        ? Object.fromEntries(Object.entries(each).sort())
        : each,
    )
  } catch {
    return json
  }
}

const isSame = (want: Wanted, show: ShownValue): boolean => {
  if (want.size !== undefined) {
    return show.text.split(':').filter((byte) => /^[0-9a-f]{2}$/.test(byte)).length === want.size
  }
  return want.json === true
    ? sorted(want.text) === sorted(show.text)
    : plainText(want.text) === plainText(show.text)
}

const plainFilter = (path: string): string =>
  path.replace(/[^A-Za-z0-9_.-]/g, '_').replace(/(?<=\.)(?=\.|$)/g, '_')

/** A field of another type has its type's name after the path, and a number if that is taken. */
const isFilter = (path: string, filter: string): boolean =>
  filter.startsWith(path) &&
  /^(_(uint64|int64|bool|string|bytes|none)[0-9]*)?$/.test(filter.slice(path.length))

/** The first difference between the wanted and the shown values, in words; null if there is none. */
export const differenceOf = (wanted: ReadonlyArray<Wanted>, shown: ShownPacket['values']): string | null => {
  for (let i = 0; i < Math.max(wanted.length, shown.length); i++) {
    const want = wanted[i]
    const show = shown[i]
    if (
      want === undefined ||
      show === undefined ||
      !isFilter(plainFilter(want.filter), show.filter) ||
      !isSame(want, show)
    ) {
      return `value ${i}: wanted ${JSON.stringify(want)}, shown ${JSON.stringify(show)}`
    }
  }
  return null
}
