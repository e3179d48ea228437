import { type Gate, showGate } from '../../combinators/gate.js'
import {
  type AnyGrammar,
  type FieldNode,
  type Node,
  nodeName,
  type SequenceNode,
} from '../../combinators/node.js'
import { show } from '../../combinators/show.js'
import type { AnyOperation } from '../../grammar/operations/operation.js'

/** A wire form, and the condition for it; null if it holds whenever none of the earlier ones does. */
interface Form {
  readonly gate: Gate | null
  readonly node: Node
}

/** Whether the page describes a node in place: it has no section of its own that a reader could look up. */
type Own = (node: Node) => boolean

const unnamed: Own = ({ name }) => name === undefined

/** The forms of a node. `imap` and kept bytes do not change the form on the wire. */
const formsOf = (node: Node, own: Own): ReadonlyArray<Form> => {
  if ((node._tag === 'imap' || node._tag === 'span') && own(node)) {
    return formsOf(node.inner, own)
  }
  if (node._tag !== 'gated') {
    return [{ gate: null, node }]
  }
  const arms = node.arms.flatMap(({ gate, node: arm }) =>
    formsOf(arm, own).map((form) => ({ gate: form.gate ?? gate, node: form.node })),
  )
  return [...arms, ...formsOf(node.otherwise, own)]
}

const whereOf = ({ gate }: Form): string => (gate === null ? 'otherwise' : showGate(gate))

/** A type in the notation of the command line. */
const typeOf = (node: Node): string => {
  if (node.name !== undefined) {
    return node.name
  }
  switch (node._tag) {
    case 'sequence':
      return collection(node)
    case 'gated':
      return formsOf(node, unnamed)
        .map((form) => `${typeOf(form.node)} (${whereOf(form)})`)
        .join('; ')
    case 'imap':
    case 'span':
      return typeOf(node.inner)
    case 'choice':
      return node.shape._tag === 'option' ? `Option<${optionBody(node.cases)}>` : 'choice'
    case 'pure':
      return 'no bytes'
    case 'framed':
      return `Framed<${typeOf(node.inner)}>`
    case 'until':
      return `Until<${typeOf(node.item)}>`
    case 'int':
    case 'bool':
    case 'bytes':
    case 'text':
    case 'struct':
    case 'lazy':
      return nodeName(node)
  }
}

const optionBody = (cases: ReadonlyArray<{ readonly body?: Node; readonly name: string }>): string =>
  cases
    .slice(1)
    .map(({ body, name }) => (body === undefined ? name : typeOf(body)))
    .join(' | ')

const collection = (node: SequenceNode): string => {
  switch (node.kind) {
    case 'list':
      return `List<${typeOf(node.item)}>`
    case 'set':
      return `Set<${typeOf(node.item)}>`
    case 'map':
      return `Map<${typeOf(node.key)},${typeOf(node.item)}>`
  }
}

const withoutName = ({ name: _, ...node }: Node): Node => node

const row = (...cells: ReadonlyArray<string>): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`

const head = (...cells: ReadonlyArray<string>): ReadonlyArray<string> => [
  row(...cells),
  row(...cells.map(() => '---')),
]

/** The type of a field, and the condition for it if it is not always sent. */
const fieldType = (node: Node): readonly [type: string, where: string] => {
  const [only, rest, ...more] = node._tag === 'gated' && unnamed(node) ? formsOf(node, unnamed) : []
  return only !== undefined && rest?.node._tag === 'pure' && more.length === 0
    ? [typeOf(only.node), whereOf(only)]
    : [typeOf(node), '']
}

const fieldRow = ({ key, node, fixed }: FieldNode): string => {
  const [type, where] = fieldType(node)
  const value = fixed === undefined ? '' : `${show(fixed.value)}${fixed.ignored ? ' (ignored)' : ''}`
  return row(`\`${key}\``, `\`${type}\``, where, value)
}

/** One form of a request or a reply: its fields if it has no name of its own, otherwise its type. */
const formLines = (title: string, node: Node, own: Own): ReadonlyArray<string> => {
  if (node._tag === 'struct' && own(node) && node.fields.length > 0) {
    return ['', `${title}:`, '', ...head('field', 'type', 'where', 'always'), ...node.fields.map(fieldRow)]
  }
  const { summary } = node
  const nothing = node._tag === 'pure' || (node._tag === 'struct' && node.fields.length === 0)
  const type = own(node) && node._tag !== 'struct' ? typeOf(withoutName(node)) : typeOf(node)
  const what = nothing ? 'no bytes' : `\`${type}\`${summary === undefined ? '' : `, ${summary}`}`
  return ['', `${title}: ${what}.`]
}

const bodyLines = (title: string, { node }: AnyGrammar, own: Own): ReadonlyArray<string> => {
  const forms = formsOf(node, own)
  return forms.flatMap((form) =>
    formLines(forms.length === 1 ? title : `${title}, ${whereOf(form)}`, form.node, own),
  )
}

const streamText = ({ direction, way, content, gate }: AnyOperation['streams'][number]): string =>
  `${direction}, ${way}, \`${content}\` (${showGate(gate)})`

const availability = ({ gate, status, until }: AnyOperation): string =>
  `${showGate(gate)}${status === 'obsolete' ? '; obsolete' : ''}${
    until === null ? '' : `; removed, last in Nix ${until}`
  }`

const sectionLines = (operation: AnyOperation): ReadonlyArray<string> => {
  const { id, name, summary, request, reply, streams, trust, note } = operation
  const own: Own = (node) => node.name?.startsWith(name) ?? true
  return [
    '',
    `## ${name}`,
    '',
    `Operation ${id}: ${summary}. ${note}`.trimEnd(),
    '',
    `- Versions: ${availability(operation)}`,
    `- Clients: ${trust}`,
    ...streams.map((stream) => `- Stream: ${streamText(stream)}`),
    ...bodyLines('Request', request, own),
    ...bodyLines('Reply', reply, own),
  ]
}

const overview = (operation: AnyOperation): string => {
  const { id, name, summary, streams, trust } = operation
  const ways = [...new Set(streams.map(({ direction, way }) => `${direction}, ${way}`))].join('; ')
  return row(String(id), `[${name}](#${name.toLowerCase()})`, summary, availability(operation), ways, trust)
}

/**
 * A table of operations as a page in Markdown: an overview, then a section for each with its request, its reply and
 * its streams, in every form they have.
 */
export const operationsMarkdown = (operations: ReadonlyArray<AnyOperation>): string =>
  [
    '# Operations',
    '',
    ...head('id', 'operation', 'what it does', 'versions', 'streams', 'clients'),
    ...operations.map(overview),
    ...operations.flatMap(sectionLines),
    '',
  ].join('\n')
