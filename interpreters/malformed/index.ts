import { endingsOf } from '../../combinators/ends.js'
import { expectGrammar } from '../../combinators/expect.js'
import { type Limits, limitsOf, type Profile } from '../../combinators/limits.js'
import type { Grammar, ResolvedNode } from '../../combinators/node.js'
import { checkOptions, type OptionChecks, usual } from '../../combinators/options.js'
import type { Protocol } from '../../combinators/protocol.js'
import { protocolFor } from '../../combinators/protocol-for.js'
import { resolved } from '../../combinators/resolved.js'
import { messageOf } from '../../combinators/show.js'
import { goneThrough, picked, rarest } from './choosing.js'
import { top, Writer, type Written } from './layout.js'
import { Message } from './message.js'
import { generator } from './random.js'
import type { Context, RuleGroup, Site } from './rule.js'
import { rulesAt } from './rules.js'
import { behind, groupingOf, type Malformed, type MalformedRule, nameAt } from './samples.js'
import { sitesOf } from './sites.js'
import type { Occasion, Ways } from './ways.js'

export type { RuleKind } from './rule.js'
export type { Malformed, MalformedRule } from './samples.js'

/** Makes malformed messages of a grammar. */
export interface Malformer<A> {
  /** All rules that a message can break, in the order of the wire. */
  readonly rules: ReadonlyArray<MalformedRule>

  /**
   * Encodes a value and breaks each rule at each place of the message, one at a time and lazily. A value need not
   * allow every rule to be broken: an empty list has no item to break. `rule` chooses one rule by name, or several
   * with a predicate on their names.
   *
   * @throws RangeError immediately for a value that cannot be encoded.
   */
  from(value: A, rule?: string | ((name: string) => boolean)): Iterable<Malformed>

  /**
   * Encodes a value and breaks one rule, chosen by the number `choice`: it turns a generator of values into one of
   * malformed messages. First the kind of rule is chosen, so that each kind gets its share, then the place, then the
   * rule. With the profile `compatible` both profiles reject the bytes, with `canonical` only the canonical one does;
   * without a profile, one result in five is acceptable to the compatible one. Null if the message cannot be broken,
   * such as one that consists of `restBytes`.
   */
  pick(value: A, choice: number, profile?: Profile): Malformed | null

  /**
   * Breaks one rule of each value from a source, if that is possible; the same seed gives the same samples. Kinds and
   * rules that were broken less often are preferred. `broken` counts the rules; pass it again to go on counting.
   */
  sample(
    values: Iterable<A>,
    seed: number,
    broken?: Map<string, number>,
    profile?: Profile,
  ): Iterable<Malformed>
}

export interface MalformedOptions {
  /** The limits of the decoder under test, if they differ from the defaults. */
  readonly limits?: Partial<Limits>
}

const checks: OptionChecks<MalformedOptions> = { limits: usual.limits }

/**
 * Makes bytes that break exactly one rule of a grammar, with the issue that a decoder must report.
 *
 * ```ts
 * import { compile, utf8 } from 'nix-wire'
 * import { toMalformed } from 'nix-wire/interpreters'
 *
 * const malformer = toMalformed(utf8)
 * malformer.rules[0]?.name // => 'message: a length within the limit'
 *
 * const [first] = [...malformer.from('hi')].filter(({ issue }) => issue.tag === 'NonZeroPadding')
 * first?.rule // => 'message: padding byte 1 is zero'
 * first?.bytes // => new Uint8Array([2, 0, 0, 0, 0, 0, 0, 0, 0x68, 0x69, 1, 0, 0, 0, 0, 0])
 * first?.issue // => { tag: 'NonZeroPadding', offset: 10, path: [] }
 * first && compile(utf8).decode(first.bytes)._tag // => 'Left'
 * ```
 *
 * The messages are written node by node and not by a codec, so that what is expected of them does not depend on the
 * code under test.
 *
 * @throws RangeError for an invalid protocol or limit. The functions of the result throw one for a value that cannot
 * be encoded.
 */
export const toMalformed = <A>(
  grammar: Grammar<A>,
  given: Partial<Protocol> = {},
  options: MalformedOptions = {},
): Malformer<A> => {
  expectGrammar('what toMalformed takes', grammar, 'toBrokenSessions')
  checkOptions('toMalformed', checks, options)
  const agreed = protocolFor('toMalformed', grammar.node, given)
  const { node } = resolved(grammar, agreed)
  const writer = new Writer(agreed)
  const context: Context = { protocol: agreed, limits: limitsOf(options.limits) }
  const groupsOf = memoised(context)
  const waysOf = remembering((value: A): Ways => {
    const message = new Message(written(() => writer.write(node, value, top)))
    const occasions = [...message.parts].flatMap((part) =>
      groupsOf(siteOf(part, message)).map((group): Occasion => ({ part, group })),
    )
    return message.reachesEnd(null)
      ? { message, occasions }
      : { message, occasions: [...occasions, { part: message.root, group: behind }] }
  })
  const rules = listed(node, groupsOf)
  const kindOf = new Map(rules.map(({ name, kind }) => [name, kind]))
  return {
    rules,
    from: (value, rule) => goneThrough(waysOf(value), wanted(rule)),
    pick: (value, choice, profile) => {
      const ways = waysOf(value)
      return picked(ways, profile, generator(chance(choice, ways)))
    },
    *sample(values, seed, broken = new Map(), profile) {
      let turn = 0
      for (const value of values) {
        const found = rarest(waysOf(value), profile, broken, kindOf, generator(seed + turn++))
        if (found !== null) {
          broken.set(found.rule, (broken.get(found.rule) ?? 0) + 1)
          yield found
        }
      }
    },
  }
}

const wanted = (rule: string | ((name: string) => boolean) | undefined): ((name: string) => boolean) =>
  typeof rule === 'function' ? rule : (name) => rule === undefined || name === rule

/**
 * Mixes the seed with the message: choices are often small numbers, and different messages should break differently.
 */
const chance = (choice: number, { message, occasions }: Ways): number =>
  choice + Math.imul(message.sizeOf(message.root) + occasions.length, 0x9e3779b1)

/** Caches the message of a value, since several broken ones are often made from it. */
const remembering = <A, B>(make: (value: A) => B): ((value: A) => B) => {
  let last: { readonly value: A; readonly made: B } | null = null
  return (value) => {
    if (last === null || !Object.is(last.value, value)) {
      last = { value, made: make(value) }
    }
    return last.made
  }
}

/** @throws RangeError for any error of the writer, which does not check the types of values. */
const written = (write: () => Written): Written => {
  try {
    return write()
  } catch (cause) {
    throw new RangeError(`toMalformed breaks values that can be encoded: ${messageOf(cause)}`, { cause })
  }
}

const listed = (
  node: ResolvedNode,
  groupsOf: (site: Site) => ReadonlyArray<RuleGroup>,
): ReadonlyArray<MalformedRule> => {
  const rules = new Map<string, MalformedRule>()
  const add = (place: string, group: RuleGroup): void => {
    for (const rule of group.rules) {
      const name = nameAt(place, rule)
      rules.set(name, {
        name,
        ...groupingOf(rule),
        wrong: rule.wrong,
        tag: rule.tag,
        kind: group.kind,
        profile: rule.profile,
      })
    }
  }
  for (const { place, site } of sitesOf(node)) {
    for (const group of groupsOf(site)) {
      add(place, group)
    }
  }
  if (endingsOf(node).before) {
    add('', behind)
  }
  return [...rules.values()]
}

/** Rules are made once for each node: those of a text try out its format. */
const memoised = (context: Context): ((site: Site) => ReadonlyArray<RuleGroup>) => {
  const known = new Map<Site['node'], Map<string, ReadonlyArray<RuleGroup>>>()
  return (site) => {
    const { node, role, around, fixed, inFrames, isHeld } = site
    // Many collections share one count node, whatever their kind; a tag or a mark belongs to the node around it.
    const owner = role === 'count' ? node : (around ?? node)
    const ofNode = known.get(owner) ?? new Map<string, ReadonlyArray<RuleGroup>>()
    const key = `${role} ${inFrames} ${isHeld} ${fixed?.ignored ?? 'in the value'}`
    const groups = ofNode.get(key) ?? rulesAt(site, context)
    known.set(owner, ofNode.set(key, groups))
    return groups
  }
}

const siteOf = (part: Written, message: Message): Site => ({
  node: part.node,
  role: part.role,
  around: part.around,
  fixed: part.fixed === undefined ? undefined : { value: part.value, ignored: part.fixed.ignored },
  inFrames: message.framesAround(part) !== null,
  isHeld: message.isHeld(part),
})
