import type { Either } from 'fp-ts/lib/Either.js'
import { expectGrammar, expectTagged, expectText } from './expect.js'
import type { Gate } from './gate.js'
import type { Protocol } from './protocol.js'
import type { TextFormat } from './text-format.js'

/**
 * The nodes of a grammar. The union is closed, so that an interpreter is one exhaustive switch. All combinators
 * (`listOf`, `enumOf`, `versioned` …) build these nodes.
 */
export type Node =
  | IntNode
  | BoolNode
  | BytesNode
  | TextNode
  | StructNode
  | ListNode
  | SetNode
  | MapNode
  | ChoiceNode
  | GatedNode
  | PureNode
  | LazyNode
  | ImapNode
  | UntilNode
  | FramedNode
  | SpanNode

/** A node that is not gated itself, with parts of type `N`. */
export type Ungated<N = Node> =
  | IntNode
  | BoolNode
  | BytesNode
  | TextNode
  | StructNode<N>
  | SequenceNode<N>
  | ChoiceNode<N>
  | PureNode<N>
  | LazyNode<N>
  | ImapNode<N>
  | UntilNode<N>
  | FramedNode<N>
  | SpanNode<N>

/** A node without gates at any depth: a {@link Node} under one protocol. */
export type ResolvedNode =
  | IntNode
  | BoolNode
  | BytesNode
  | TextNode
  | StructNode<ResolvedNode>
  | ListNode<ResolvedNode>
  | SetNode<ResolvedNode>
  | MapNode<ResolvedNode>
  | ChoiceNode<ResolvedNode>
  | PureNode<ResolvedNode>
  | LazyNode<ResolvedNode>
  | ImapNode<ResolvedNode>
  | UntilNode<ResolvedNode>
  | FramedNode<ResolvedNode>
  | SpanNode<ResolvedNode>

/** The name and the description that any node may have. */
export interface Labelled {
  /** The name in the specification, if it has one. */
  readonly name?: string
  /** One line of description for people. */
  readonly summary?: string
  /** The parts of the protocol to assume if they are not given. They override the defaults of inner nodes. */
  readonly defaults?: Partial<Protocol>
}

/** Eight bytes, little endian, unsigned: 0 to `max`. */
export interface IntNode extends Labelled {
  readonly _tag: 'int'
  readonly max: bigint
  readonly value: 'number' | 'bigint'
  /** Keep only this many low bits. The compatible profile drops the bits above, the canonical profile rejects them. */
  readonly keepBits?: number
}

/** An integer where 0 is false. */
export interface BoolNode extends Labelled {
  readonly _tag: 'bool'
  readonly max: bigint
  /** If true, only 0 and 1 are accepted. The canonical profile always does that. */
  readonly strict: boolean
}

/**
 * Bytes. With `padded`, their length comes before them, and zeros up to a multiple of 8 after them; a number is a
 * fixed length; `toEnd` takes all bytes left in the message, or in the frames around them.
 */
export interface BytesNode extends Labelled {
  readonly _tag: 'bytes'
  readonly length: 'padded' | 'toEnd' | number
  /** A limit in bytes for this node, which applies if it is below the codec's limit. */
  readonly limit?: number
}

/** Padded bytes that are text. */
export interface TextNode extends Labelled {
  readonly _tag: 'text'
  /** `utf8`: strict. `escaped`: bytes that are not UTF-8 become lone surrogates U+DC80 to U+DCFF. */
  readonly encoding: 'utf8' | 'escaped'
  /** The format of the text; null if any text is valid. */
  readonly format: TextFormat<unknown> | null
  /** If true, the empty text stands for an absent value. */
  readonly optional: boolean
  readonly limit?: number
}

/** Fields one after another, with nothing between them. */
export interface StructNode<N = Node> extends Labelled {
  readonly _tag: 'struct'
  readonly shape: 'record' | 'tuple'
  readonly fields: ReadonlyArray<FieldNode<N>>
}

export interface FieldNode<N = Node> {
  readonly key: string | number
  readonly node: N
  /** A field that is on the wire and not in the value. */
  readonly fixed?: {
    readonly value: unknown
    /** If true, the compatible profile accepts any other value on the wire and skips it. */
    readonly ignored: boolean
  }
}

/** A count, then that many items; a list may also go on to the end, without a count. */
export type SequenceNode<N = Node> = ListNode<N> | SetNode<N> | MapNode<N>

interface Collection extends Labelled {
  readonly _tag: 'sequence'
}

interface Counted extends Collection {
  readonly count: IntNode
}

export interface ListNode<N = Node> extends Collection {
  readonly kind: 'list'
  /** `toEnd`: all items up to the end of the message, or of the frames around them. */
  readonly count: IntNode | 'toEnd'
  readonly item: N
}

export interface SetNode<N = Node> extends Counted {
  readonly kind: 'set'
  readonly item: N
}

export interface MapNode<N = Node> extends Counted {
  readonly kind: 'map'
  readonly key: N
  readonly item: N
  /** Which of two entries with the same key is kept. */
  readonly duplicates: 'first' | 'last'
}

/** A tag (a number or a text), then the body that belongs to the tag. */
export interface ChoiceNode<N = Node> extends Labelled {
  readonly _tag: 'choice'
  readonly tag: IntNode | TextNode
  readonly cases: ReadonlyArray<CaseNode<N>>
  /**
   * What other tags mean; if absent, they are rejected. `tag`: the tag itself is the value, beside the named values
   * of an enum or an option.
   */
  readonly rest?: 'tag' | RestNode<N>
  /**
   * The shape of the value. `enum`: the case's name. `option`: none for the first case; for the others some of the
   * body, or some of the name if the body is empty. `tagged`: the body's fields, and the case's name under `key`.
   */
  readonly shape:
    | { readonly _tag: 'enum' }
    | { readonly _tag: 'option' }
    | { readonly _tag: 'tagged'; readonly key: string }
}

export interface CaseNode<N = Node> {
  readonly name: string
  readonly tag: bigint | string
  readonly body?: N
}

/** The case for every other tag of a tagged union. The value has the tag under `key`, then the body's fields. */
export interface RestNode<N = Node> {
  readonly name: string
  readonly key: string
  readonly body: N
}

/** The first node whose gate holds; `otherwise` if none holds. */
export interface GatedNode<N = Node> extends Labelled {
  readonly _tag: 'gated'
  readonly arms: ReadonlyArray<{ readonly gate: Gate; readonly node: N }>
  readonly otherwise: N
}

/** Nothing on the wire; the value is always this one. */
export interface PureNode<N = Node> extends Labelled {
  readonly _tag: 'pure'
  readonly value: unknown
  /** The node that other protocols have here. It gives the constant its type and its JSON form. */
  readonly like?: N
}

/** A forward reference, for recursive grammars. */
export interface LazyNode<N = Node> extends Labelled {
  readonly _tag: 'lazy'
  readonly get: () => N
}

/** Converts a value both ways; either direction may fail. A Left says what was expected. */
export interface ImapNode<N = Node> extends Labelled {
  readonly _tag: 'imap'
  readonly inner: N
  readonly from: (inner: never) => Either<string, unknown>
  readonly to: (outer: never) => Either<string, unknown>
  /** For generators: turns an inner value that `from` rejects into a similar one that it accepts. */
  readonly nearest?: (inner: never) => unknown
  /** How JSON shows the outer value; if absent, JSON shows the inner value. */
  readonly json?: JsonForm<N>
}

/** The form of a value in JSON: a plain JavaScript type, or that of another node, which need not occur on the wire. */
export type JsonForm<N = Node> = 'string' | 'boolean' | 'number' | 'bigint' | N

/** Items without a count: the mark `next` comes before each item, and `end` after the last. */
export interface UntilNode<N = Node> extends Labelled {
  readonly _tag: 'until'
  readonly mark: IntNode | TextNode
  /** A value of the mark: a bigint, a number or a string. */
  readonly next: unknown
  readonly end: unknown
  readonly item: N
}

/** A value cut into frames: length and bytes, without padding, until a length of 0. */
export interface FramedNode<N = Node> extends Labelled {
  readonly _tag: 'framed'
  readonly inner: N
}

/** A value together with a copy of the bytes it was read from. Only the value is written. */
export interface SpanNode<N = Node> extends Labelled {
  readonly _tag: 'span'
  readonly inner: N
}

declare const valueType: unique symbol

/** A grammar of any value type. */
export interface AnyGrammar {
  readonly node: Node
}

/**
 * Describes how an `A` lies on the wire. A grammar is immutable data; interpreters such as `compile` read and write
 * with it.
 *
 * It is invariant in `A`, since a value that was read must be one that can be written.
 */
export interface Grammar<in out A> extends AnyGrammar {
  readonly [valueType]: (value: A) => A
}

declare const greatest: unique symbol
/** Marks the type of a text grammar that accepts any text, the empty one included. */
export declare const anyText: unique symbol

/**
 * An integer as it lies on the wire, without a view: it can be a tag, a count or a mark. `Most` is its greatest
 * value, if the type knows it.
 */
export interface IntGrammar<
  in out A extends number | bigint,
  out Most extends number | bigint = number | bigint,
> extends Grammar<A> {
  readonly [greatest]: Most
}

/** A text without a format: it can be a tag or a mark. */
export interface TextGrammar extends Grammar<string> {
  readonly [anyText]: true
}

declare const toEnd: unique symbol

/** A grammar that reads to the end of the message, or of the frames around it. Nothing can follow it. */
export interface ToEndGrammar<in out A> extends Grammar<A> {
  readonly [toEnd]: 'nothing can follow what goes to the end'
}

/** A compile-time check: the grammar must leave room for what follows it. */
export interface Ending {
  readonly [toEnd]?: 'paddedBytes has a length, listOf has a count, framed has an end'
}

/** The greatest value of an integer grammar, if the type knows it. */
export type MostOf<G> = G extends { readonly [greatest]: infer Most } ? Most : never

/**
 * The type of a grammar's values.
 *
 * ```ts
 * import { listOf, type TypeOf, u64 } from 'nix-wire'
 *
 * const Sizes = listOf(u64)
 * const sizes: TypeOf<typeof Sizes> = [1n, 2n]
 * ```
 */
export type TypeOf<G extends AnyGrammar> = G extends Grammar<infer A> ? A : never

const grammars = new WeakSet<object>()

/** The only cast from a node to a grammar of an `A`. */
export const grammarOf = <A>(node: Node): Grammar<A> => registered({ node } as Grammar<A>)

/** @internal A grammar recognised by its form, made into one of this package. */
export const registered = <G extends AnyGrammar>(grammar: G): G => {
  grammars.add(Object.freeze(grammar))
  return grammar
}

/** Whether a value is a grammar. */
export const isGrammar = (value: unknown): value is AnyGrammar =>
  typeof value === 'object' && value !== null && grammars.has(value)

/** @internal @throws TypeError for anything but a grammar, with its purpose. */
export const nodeOf = (what: string, grammar: AnyGrammar, forFlows: string | null = null): Node => {
  expectGrammar(what, grammar, forFlows)
  return grammar.node
}

/** @internal The same grammar. @throws TypeError for anything but a grammar, with the function it was given to. */
export const grammarFor = <G extends AnyGrammar>(of: string, grammar: G): G => {
  expectGrammar(`what ${of} takes`, grammar)
  return grammar
}

/** @internal @throws TypeError for undefined in place of a value that cannot be undefined. */
export const expectValue = (what: string, { _tag }: Node, value: unknown): void => {
  const mayBe = _tag === 'pure' || _tag === 'imap' || _tag === 'lazy' || _tag === 'gated' || _tag === 'framed'
  if (value === undefined && !mayBe) {
    throw new TypeError(`${what} must be a value of the grammar, not undefined`)
  }
}

/** The same grammar with a name, usually that of the specification. */
export const named = <G extends AnyGrammar>(name: string, grammar: G): G => {
  expectText('the name of a grammar', name)
  return registered({ ...grammar, node: { ...nodeOf(`what is named ${name}`, grammar), name } })
}

/** The same grammar with a one-line description. */
export const summarised = <G extends AnyGrammar>(summary: string, grammar: G): G => {
  expectText('the summary of a grammar', summary)
  return registered({ ...grammar, node: { ...nodeOf('what is summarised', grammar), summary } })
}

/** The name of a node in issues and pages: its own, or one made from its kind, such as `List<String>`. */
export const nodeName = (node: Node): string => {
  expectTagged('nodeName takes the node of a grammar', node)
  return node.name ?? unnamed(node)
}

/** The name of a node in issues: an unnamed view has the name of the node inside. */
export const nameInIssues = (node: Node): string =>
  (node._tag === 'imap' || node._tag === 'span') && node.name === undefined
    ? nameInIssues(node.inner)
    : nodeName(node)

/** The word for an unnamed node in programs. */
const unnamed = (node: Node): string => {
  switch (node._tag) {
    case 'int':
      return node.max === 0xffffffffffffffffn ? 'u64' : node.max === 0xffffffffn ? 'u32' : 'integer'
    case 'text':
      return node.format?.name ?? 'text'
    case 'sequence':
      return node.kind
    case 'struct':
      return node.shape === 'tuple' ? 'list' : 'struct'
    case 'choice':
      return node.shape._tag
    case 'gated':
      return 'versioned'
    case 'span':
      return 'withBytes'
    case 'pure':
      // What other protocols have there says more.
      return node.like === undefined ? 'pure' : nodeName(node.like)
    case 'bool':
    case 'bytes':
    case 'lazy':
    case 'imap':
    case 'until':
    case 'framed':
      return node._tag
  }
}
