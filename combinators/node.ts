import type { Either } from 'fp-ts/lib/Either.js'
import { expectGrammar, expectText } from './expect.js'
import type { Gate } from './gate.js'
import type { Protocol } from './protocol.js'
import type { TextFormat } from './text-format.js'

/**
 * What a grammar is made of: a closed union, so that an interpreter is one exhaustive switch. Everything a user
 * writes (`listOf`, `enumOf`, `versioned` …) is built from these.
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

/** A node without gates, at any depth: what is left of a {@link Node} under one protocol. */
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

/** What a node is called. */
export interface Labelled {
  /** The name in the specification, where it has one. */
  readonly name?: string
  /** One line for people. */
  readonly summary?: string
  /** What holds for the protocol unless it is given. It comes before the defaults of what is inside. */
  readonly defaults?: Partial<Protocol>
}

/** Eight bytes, little endian, unsigned: 0 to `max`. */
export interface IntNode extends Labelled {
  readonly _tag: 'int'
  readonly max: bigint
  readonly value: 'number' | 'bigint'
  /** Keep this many low bits; those above are dropped, or in the canonical profile refused. */
  readonly keepBits?: number
}

/** An integer where 0 is false. */
export interface BoolNode extends Labelled {
  readonly _tag: 'bool'
  readonly max: bigint
  /** Whether only 0 and 1 are read; the canonical profile reads every bool so. */
  readonly strict: boolean
}

/**
 * Bytes: `padded` has its length in front and zeros up to a multiple of 8 behind; a number is a fixed length; `toEnd`
 * are all that are left of the message, or of the frames around them.
 */
export interface BytesNode extends Labelled {
  readonly _tag: 'bytes'
  readonly length: 'padded' | 'toEnd' | number
  /** A limit of its own, in bytes, below that of the codec. */
  readonly limit?: number
}

/** Padded bytes that are text. */
export interface TextNode extends Labelled {
  readonly _tag: 'text'
  /** `utf8`: strict. `escaped`: bytes that are not UTF-8 become lone surrogates U+DC80 to U+DCFF. */
  readonly encoding: 'utf8' | 'escaped'
  /** What the text must be; null where any will do. */
  readonly format: TextFormat<unknown> | null
  /** Whether the empty text stands for an absent value. */
  readonly optional: boolean
  readonly limit?: number
}

/** Fields one after another, nothing between them. */
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
    /** Whether another value on the wire is passed over; the canonical profile never does. */
    readonly ignored: boolean
  }
}

/** A count, and that many items; a list may also go on to the end. */
export type SequenceNode<N = Node> = ListNode<N> | SetNode<N> | MapNode<N>

interface Collection extends Labelled {
  readonly _tag: 'sequence'
}

interface Counted extends Collection {
  readonly count: IntNode
}

export interface ListNode<N = Node> extends Collection {
  readonly kind: 'list'
  /** `toEnd`: as many items as there are up to the end of the message, or of the frames around them. */
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
  /** Which of two entries with one key is kept. */
  readonly duplicates: 'first' | 'last'
}

/** A number or a word that says what follows. */
export interface ChoiceNode<N = Node> extends Labelled {
  readonly _tag: 'choice'
  readonly tag: IntNode | TextNode
  readonly cases: ReadonlyArray<CaseNode<N>>
  /** What any other tag is; without it there is none. `tag`: a value by itself, beside those of an enum or an option. */
  readonly rest?: 'tag' | RestNode<N>
  /**
   * What the value looks like. `enum`: the case's name. `option`: none for the first case; else some of the body,
   * or of the name where there is no body. `tagged`: the body's fields and the case's name under `key`.
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

/** The case of every other tag of a tagged union: the tag is in the value, under `key`, and the body's fields follow. */
export interface RestNode<N = Node> {
  readonly name: string
  readonly key: string
  readonly body: N
}

/** The first node whose gate holds; else `otherwise`. */
export interface GatedNode<N = Node> extends Labelled {
  readonly _tag: 'gated'
  readonly arms: ReadonlyArray<{ readonly gate: Gate; readonly node: N }>
  readonly otherwise: N
}

/** Nothing on the wire; the value is always this one. */
export interface PureNode<N = Node> extends Labelled {
  readonly _tag: 'pure'
  readonly value: unknown
  /** What is on the wire under other protocols: what the value is one of, and how it is shown. */
  readonly like?: N
}

/** A node not known yet: what recursion goes through. */
export interface LazyNode<N = Node> extends Labelled {
  readonly _tag: 'lazy'
  readonly get: () => N
}

/** Another view of a value; partial both ways. Left says what was expected. */
export interface ImapNode<N = Node> extends Labelled {
  readonly _tag: 'imap'
  readonly inner: N
  readonly from: (inner: never) => Either<string, unknown>
  readonly to: (outer: never) => Either<string, unknown>
  /** For generators: what `from` accepts in place of an inner value that it refuses. */
  readonly nearest?: (inner: never) => unknown
  /** How a JSON view shows the outer value; where nothing is said it shows the inner one. */
  readonly json?: JsonForm<N>
}

/** A plain value, by its type in JavaScript, or the value of a node that need not be on the wire. */
export type JsonForm<N = Node> = 'string' | 'boolean' | 'number' | 'bigint' | N

/** Items without a count: before each stands `next`, and behind the last `end`. */
export interface UntilNode<N = Node> extends Labelled {
  readonly _tag: 'until'
  readonly mark: IntNode | TextNode
  /** As the mark's values are: a bigint, a number or a string. */
  readonly next: unknown
  readonly end: unknown
  readonly item: N
}

/** A value cut into frames: length and bytes, without padding, until a length of 0. */
export interface FramedNode<N = Node> extends Labelled {
  readonly _tag: 'framed'
  readonly inner: N
}

/** A value, and beside it a copy of the bytes it was read from; only the value is written. */
export interface SpanNode<N = Node> extends Labelled {
  readonly _tag: 'span'
  readonly inner: N
}

declare const valueType: unique symbol

/** A grammar whose value type is not of interest. */
export interface AnyGrammar {
  readonly node: Node
}

/**
 * How an `A` lies on the wire: an immutable value that reads and writes nothing by itself; interpreters do.
 *
 * Invariant in `A`: what is read must be what can be written.
 */
export interface Grammar<in out A> extends AnyGrammar {
  readonly [valueType]: (value: A) => A
}

declare const greatest: unique symbol
/** In the type of a text that may be any, the empty one too. */
export declare const anyText: unique symbol

/**
 * An integer as it lies on the wire, and not a view of one: what a tag, a count or a mark can be. `Most` is its greatest
 * value, where the type knows it.
 */
export interface IntGrammar<
  in out A extends number | bigint,
  out Most extends number | bigint = number | bigint,
> extends Grammar<A> {
  readonly [greatest]: Most
}

/** A text that may be any: what a tag or a mark can be. */
export interface TextGrammar extends Grammar<string> {
  readonly [anyText]: true
}

declare const toEnd: unique symbol

/** What goes to the end of the message, or of the frames around it, so that nothing can follow it. */
export interface ToEndGrammar<in out A> extends Grammar<A> {
  readonly [toEnd]: 'nothing can follow what goes to the end'
}

/** To be met by what something follows. */
export interface Ending {
  readonly [toEnd]?: 'paddedBytes has a length, listOf has a count, framed has an end'
}

/** The greatest value of an integer, where the type knows it. */
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

/** The only place where a node is claimed to describe an `A`. */
export const grammarOf = <A>(node: Node): Grammar<A> => registered({ node } as Grammar<A>)

/** @internal A grammar by its looks, made one. */
export const registered = <G extends AnyGrammar>(grammar: G): G => {
  grammars.add(Object.freeze(grammar))
  return grammar
}

/** Whether this is a grammar, and not a value that one describes. */
export const isGrammar = (value: unknown): value is AnyGrammar =>
  typeof value === 'object' && value !== null && grammars.has(value)

/** @internal @throws TypeError for anything but a grammar, with what it was to be. */
export const nodeOf = (what: string, grammar: AnyGrammar): Node => {
  expectGrammar(what, grammar)
  return grammar.node
}

/** @internal The same grammar. @throws TypeError for anything but a grammar, with the function it was given to. */
export const grammarFor = <G extends AnyGrammar>(of: string, grammar: G): G => {
  expectGrammar(`what ${of} takes`, grammar)
  return grammar
}

/** @internal @throws TypeError for undefined in the place of a value that cannot be it. */
export const expectValue = (what: string, { _tag }: Node, value: unknown): void => {
  const mayBe = _tag === 'pure' || _tag === 'imap' || _tag === 'lazy' || _tag === 'gated' || _tag === 'framed'
  if (value === undefined && !mayBe) {
    throw new TypeError(`${what} must be a value of the grammar, not undefined`)
  }
}

/** The same grammar under the name the specification has for it. */
export const named = <G extends AnyGrammar>(name: string, grammar: G): G => {
  expectText('the name of a grammar', name)
  return registered({ ...grammar, node: { ...nodeOf(`what is named ${name}`, grammar), name } })
}

/** The same grammar with one line that says what it is. */
export const summarised = <G extends AnyGrammar>(summary: string, grammar: G): G => {
  expectText('the summary of a grammar', summary)
  return registered({ ...grammar, node: { ...nodeOf('what is summarised', grammar), summary } })
}

/** What an issue or a page calls a node that has no name of its own. */
export const nodeName = (node: Node): string => node.name ?? unnamed(node)

/** What an issue calls a node: what shows another value goes by the name of that, where it has none. */
export const nameInIssues = (node: Node): string =>
  (node._tag === 'imap' || node._tag === 'span') && node.name === undefined
    ? nameInIssues(node.inner)
    : nodeName(node)

/** The word that a program has for it. */
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
    case 'bool':
    case 'bytes':
    case 'pure':
    case 'lazy':
    case 'imap':
    case 'until':
    case 'framed':
      return node._tag
  }
}
