import { Parser, type ParserState } from 'arcsecond'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { expectBytes } from '../../bytes/byte-array.js'
import { expectTakesBytes } from '../../combinators/ends.js'
import { expectGrammar } from '../../combinators/expect.js'
import { type Issue, showIssue } from '../../combinators/issue.js'
import { type Limits, limitsOf, type Profile } from '../../combinators/limits.js'
import {
  type ChoiceNode,
  type Grammar,
  type LazyNode,
  nameInIssues,
  nodeName,
  type ResolvedNode,
  type StructNode,
} from '../../combinators/node.js'
import { checkOptions, type OptionChecks, usual } from '../../combinators/options.js'
import type { Protocol } from '../../combinators/protocol.js'
import { protocolFor } from '../../combinators/protocol-for.js'
import { resolved } from '../../combinators/resolved.js'
import { framedReader } from './framed.js'
import { boolReader, bytesReader, intReader } from './leaves.js'
import { listReader, mapReader, untilReader } from './sequences.js'
import { done, type Reader, reader, type Settings, type State } from './state.js'
import { choiceReader, imapReader, lazyReader, spanReader, structReader } from './structures.js'
import { textReader } from './text.js'

export interface ParserOptions {
  readonly profile?: Profile
  readonly limits?: Partial<Limits>
}

const checks: OptionChecks<ParserOptions> = { profile: usual.profile, limits: usual.limits }

/**
 * A grammar as an arcsecond parser, to combine with other arcsecond parsers. For any bytes it gives the same value or
 * the same issue as a compiled codec. It shares no code with the codec, so that the two can be tested against each
 * other, and it is ten to a hundred times slower.
 *
 * After a success the parser's index is the byte after the value. After a failure the error is an {@link Issue}: its
 * offset counts from the start of the input that arcsecond runs on, and its path begins at this grammar. The state's
 * `data` stay unchanged.
 *
 * arcsecond's own combinators expect every error to be a string, in their types and (`exactly`) at run time: wrap the
 * parser in {@link withTextErrors} for them. Run the whole with {@link runParser}, since arcsecond's own `run` reads
 * a `subarray` from the start of its underlying buffer.
 *
 * ```ts
 * import { bytesOf, struct, u64, utf8 } from 'nix-wire'
 * import { runParser, toParser, withTextErrors } from 'nix-wire/interpreters'
 * import { char, choice, coroutine, digits, sequenceOf } from 'arcsecond'
 *
 * const Person = struct('Person', { name: utf8, age: u64 })
 * const person = withTextErrors(toParser(Person))
 *
 * // A decimal number, a colon, and that many values of the grammar, or the word none's first letter.
 * const people = coroutine((run) => {
 *   const [count] = run(sequenceOf([digits, char(':')]))
 *   return Array.from({ length: Number(count) }, () => run(person))
 * })
 * const wire = bytesOf('313a 0300000000000000 416461 0000000000 2400000000000000')
 * runParser(choice([people, char('n')]), wire)
 * // => { _tag: 'Right', right: { value: [{ name: 'Ada', age: 36n }], next: 26 } }
 *
 * const broken = runParser(toParser(Person), wire.subarray(2, 23))
 * broken._tag === 'Left' && [broken.left._tag, broken.left.offset, broken.left.path]
 * // => ['UnexpectedEnd', 16, ['age']]
 * ```
 *
 * @throws TypeError if the grammar depends on a part of the protocol that is not given; RangeError for an invalid
 * protocol or limit.
 */
export const toParser = <A>(
  grammar: Grammar<A>,
  given: Partial<Protocol> = {},
  options: ParserOptions = {},
): Parser<A, Issue> => {
  expectGrammar('what toParser takes', grammar)
  checkOptions('toParser', checks, options)
  const settings = {
    protocol: protocolFor('toParser', grammar.node, given),
    canonical: options.profile === 'canonical',
    limits: limitsOf(options.limits),
  }
  const read = new Builder(settings).reader(resolved(grammar, settings.protocol).node)
  const limit = settings.limits.message
  const bounds = (start: number): State['data'] => ({ depth: 0, most: start + limit, limit })
  // A failed state is passed on. The readers use the state's data themselves, so the caller's are restored.
  return new Parser<A, Issue>((state) =>
    state.isError
      ? state
      : {
          ...(read.p({ ...state, data: bounds(state.index) }) as ParserState<A, Issue, unknown>),
          data: state.data,
        },
  )
}

/** The same parser with its issues as strings, which arcsecond's own combinators expect. */
export const withTextErrors = <A>(parser: Parser<A, Issue>): Parser<A> =>
  parser.errorMap(({ error }) => showIssue(error))

/**
 * Runs any arcsecond parser on bytes, starting at byte `at`. Unlike arcsecond's `run` it respects the bounds of a
 * `subarray`.
 *
 * ```ts
 * import { runParser } from 'nix-wire/interpreters'
 * import { str } from 'arcsecond'
 *
 * const bytes = new TextEncoder().encode('one two')
 * runParser(str('two'), bytes, 4) // => { _tag: 'Right', right: { value: 'two', next: 7 } }
 * ```
 */
export const runParser = <A, E, D>(
  parser: Parser<A, E, D>,
  bytes: Uint8Array,
  at = 0,
): Either<E, { readonly value: A; readonly next: number }> => {
  expectBytes('what is parsed', bytes)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const outcome = new Parser<A, E, D>((state) => parser.p({ ...state, index: at })).run(view)
  return outcome.isError ? left(outcome.error) : right({ value: outcome.result, next: outcome.index })
}

class Builder {
  readonly #settings: Settings
  /** Recursion meets the same lazy node again. */
  readonly #lazy = new Map<LazyNode<ResolvedNode>, Reader>()

  constructor(settings: Settings) {
    this.#settings = settings
  }

  reader(node: ResolvedNode): Reader {
    const settings = this.#settings
    const name = nodeName(node)
    switch (node._tag) {
      case 'int':
        return intReader(node, name, settings)
      case 'bool':
        return boolReader(node, name, settings)
      case 'bytes':
        return bytesReader(node, name, settings)
      case 'text':
        return textReader(node, name, settings)
      case 'struct':
        return this.#struct(node, null)
      case 'sequence':
        return node.kind === 'map'
          ? mapReader(node, this.reader(node.key), this.reader(node.item), name, settings)
          : listReader(node, this.reader(node.item), name, settings)
      case 'choice':
        return this.#choice(node)
      case 'pure':
        return reader((state) => done(state, node.value, state.index))
      case 'lazy':
        return this.#lazyReader(node)
      case 'imap':
        return imapReader(node, this.reader(node.inner), nameInIssues(node), settings)
      case 'until':
        return untilReader(node, this.#mark(node.mark, name), this.reader(node.item), name, settings)
      case 'span':
        return spanReader(this.reader(node.inner))
      case 'framed':
        return framedReader(this.reader(node.inner), name, settings)
    }
  }

  #struct(node: StructNode<ResolvedNode>, tag: readonly [key: string, name: string] | null): Reader {
    const fields = node.fields.map((field) => ({ field, read: this.reader(field.node) }))
    return structReader(node, fields, tag, nodeName(node), this.#settings)
  }

  #choice(node: ChoiceNode<ResolvedNode>): Reader {
    const { shape, rest } = node
    const name = nodeName(node)
    const cases = node.cases.map((each) => ({ node: each, read: this.#body(shape, each.name, each.body) }))
    const other = typeof rest === 'object' ? this.reader(rest.body) : null
    return choiceReader(node, this.#mark(node.tag, name), cases, other, name)
  }

  #body(shape: ChoiceNode['shape'], name: string, body: ResolvedNode | undefined): Reader | null {
    if (body === undefined) {
      return null
    }
    return shape._tag === 'tagged' && body._tag === 'struct'
      ? this.#struct(body, [shape.key, name])
      : this.reader(body)
  }

  /** Reads a tag or a mark; an issue in it has the name of the grammar around it. */
  #mark(node: ChoiceNode['tag'], grammar: string): Reader {
    return node._tag === 'int'
      ? intReader(node, grammar, this.#settings)
      : textReader(node, grammar, this.#settings)
  }

  #lazyReader(node: LazyNode<ResolvedNode>): Reader {
    const known = this.#lazy.get(node)
    if (known !== undefined) {
      return known
    }
    const target = (): Reader => {
      const inner = node.get()
      expectTakesBytes(inner)
      return this.reader(inner)
    }
    const made = lazyReader(target, nodeName(node), this.#settings)
    this.#lazy.set(node, made)
    return made
  }
}
