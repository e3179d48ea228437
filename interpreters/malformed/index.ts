import { joined } from '../../bytes/joined.js'
import { endingsOf } from '../../combinators/ends.js'
import { expectGrammar } from '../../combinators/expect.js'
import type { FieldPath, IssueTag } from '../../combinators/issue.js'
import { type Limits, limitsOf, type Profile } from '../../combinators/limits.js'
import type { Grammar, ResolvedNode } from '../../combinators/node.js'
import { checkOptions, type OptionChecks, usual } from '../../combinators/options.js'
import type { Protocol } from '../../combinators/protocol.js'
import { protocolFor } from '../../combinators/protocol-for.js'
import { resolved } from '../../combinators/resolved.js'
import { messageOf } from '../../combinators/show.js'
import { framesOf, positionInFrames } from '../../combinators/wire-bytes.js'
import { top, Writer, type Written } from './layout.js'
import { type Edit, Message } from './message.js'
import { shuffled } from './random.js'
import type { Break, Context, Rule, Site } from './rule.js'
import { rulesAt } from './rules.js'
import { sitesOf } from './sites.js'

/** A rule of a grammar that bytes can break. */
export interface MalformedRule {
  /** Where and what: `references[]: padding byte 1 is zero`. Stable: the same in every run. */
  readonly name: string
  /** The issue that breaking it causes. */
  readonly tag: IssueTag
  /** The profile that refuses; what the compatible one refuses the canonical one refuses in the same way. */
  readonly profile: Profile
}

/** Bytes that break one rule and no other, and the issue they must cause. */
export interface Malformed {
  /** The name of the {@link MalformedRule}. */
  readonly rule: string
  readonly bytes: Uint8Array
  readonly profile: Profile
  readonly issue: { readonly tag: IssueTag; readonly offset: number; readonly path: FieldPath }
}

/** The ways to break the messages of a grammar. */
export interface Malformer<A> {
  /** Every rule that some message can break, in the order of the wire. */
  readonly rules: ReadonlyArray<MalformedRule>

  /**
   * Every way to break the message of a value, made one by one as they are asked for. A value need not give an
   * occasion for every rule: in an empty list there is no item to break.
   *
   * @throws RangeError, at once, for a value that cannot be encoded.
   */
  from(value: A): Iterable<Malformed>

  /**
   * The `choice`th of the ways (modulo their number): what turns a generator of values into one of bad bytes. Null where
   * nothing can be wrong with the message: if it goes to the end (`restBytes`, `listToEnd`), none can be behind it.
   */
  pick(value: A, choice: number): Malformed | null

  /**
   * Samples from a source of values, one each where there is one, the same for the same seed; rules that were broken less often come
   * first. `broken` counts them, and goes on counting where it is given again.
   */
  sample(values: Iterable<A>, seed: number, broken?: Map<string, number>): Iterable<Malformed>
}

export interface MalformedOptions {
  /** The limits of the decoder under test, where they are not the default ones. */
  readonly limits?: Partial<Limits>
}

const checks: OptionChecks<MalformedOptions> = { limits: usual.limits }

/**
 * Bytes that break exactly one rule of a grammar: what a decoder must refuse, and with which issue.
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
 * The messages are written here, node by node, and not by a codec: what is said about them depends on no decoder.
 *
 * @throws RangeError for a protocol or a limit that cannot work; the functions of the result, for a value that cannot be
 * encoded.
 */
export const toMalformed = <A>(
  grammar: Grammar<A>,
  given: Partial<Protocol> = {},
  options: MalformedOptions = {},
): Malformer<A> => {
  expectGrammar('what toMalformed takes', grammar)
  checkOptions('toMalformed', checks, options)
  const agreed = protocolFor('toMalformed', grammar.node, given)
  const { node } = resolved(grammar, agreed)
  const writer = new Writer(agreed)
  const context: Context = { protocol: agreed, limits: limitsOf(options.limits) }
  const rulesOf = memoised(context)
  const waysOf = (value: A): ReadonlyArray<Way> => {
    const message = new Message(written(() => writer.write(node, value, top)))
    const ofAll = message.reachesEnd(null) ? [] : [trailing]
    return [...message.parts].flatMap((part) =>
      [...rulesOf(siteOf(part, message)), ...(part === message.root ? ofAll : [])].map((rule) => ({
        rule,
        part,
        message,
      })),
    )
  }
  return {
    rules: listed(node, rulesOf),
    from: (value) => goneThrough(waysOf(value)),
    pick: (value, choice) => pickFrom(waysOf(value), choice),
    *sample(values, seed, broken = new Map()) {
      let turn = 0
      for (const value of values) {
        const samples = shuffled(waysOf(value), seed + turn++)
        const found = rarest(samples, broken)
        if (found !== null) {
          broken.set(found.rule, (broken.get(found.rule) ?? 0) + 1)
          yield found
        }
      }
    },
  }
}

/** @throws RangeError for whatever the writer trips over: it takes values for what their types say. */
const written = (write: () => Written): Written => {
  try {
    return write()
  } catch (cause) {
    throw new RangeError(`toMalformed breaks values that can be encoded: ${messageOf(cause)}`, { cause })
  }
}

/** One way to break a message: a rule at a part. */
interface Way {
  readonly rule: Rule
  readonly part: Written
  readonly message: Message
}

/** Null where the message gives no occasion. */
const go = ({ rule, part, message }: Way): Malformed | null => {
  const broken = rule.break(part, message)
  return broken === null || (broken._tag === 'end' && message.mayEndIn(part, broken.into))
    ? null
    : sampleOf(rule, part, message, broken)
}

function* goneThrough(ways: ReadonlyArray<Way>): Iterable<Malformed> {
  for (const way of ways) {
    const sample = go(way)
    if (sample !== null) {
      yield sample
    }
  }
}

const nameOfWay = ({ rule, part }: Way): string => nameOf(rule === trailing ? '' : part.place, rule)

const nameOf = (place: string, { text }: Rule): string => `${place === '' ? 'message' : place}: ${text}`

const listed = (
  node: ResolvedNode,
  rulesOf: (site: Site) => ReadonlyArray<Rule>,
): ReadonlyArray<MalformedRule> => {
  const rules = new Map<string, MalformedRule>()
  const add = (place: string, rule: Rule): void => {
    const name = nameOf(place, rule)
    rules.set(name, { name, tag: rule.tag, profile: rule.profile })
  }
  for (const { place, site } of sitesOf(node)) {
    for (const rule of rulesOf(site)) {
      add(place, rule)
    }
  }
  if (endingsOf(node).before) {
    add('', trailing)
  }
  return [...rules.values()]
}

/** Rules are made once per node: those of a text try its format. */
const memoised = (context: Context): ((site: Site) => ReadonlyArray<Rule>) => {
  const known = new Map<Site['node'], Map<string, ReadonlyArray<Rule>>>()
  return (site) => {
    const { node, role, around, fixed, inFrames } = site
    // Many collections have one count node, and their kind plays no part; a tag or a mark belongs to what is around.
    const owner = role === 'count' ? node : (around ?? node)
    const ofNode = known.get(owner) ?? new Map<string, ReadonlyArray<Rule>>()
    const key = `${role} ${inFrames} ${fixed?.ignored ?? 'in the value'}`
    const rules = ofNode.get(key) ?? rulesAt(site, context)
    known.set(owner, ofNode.set(key, rules))
    return rules
  }
}

const siteOf = (part: Written, message: Message): Site => ({
  node: part.node,
  role: part.role,
  around: part.around,
  fixed: part.fixed === undefined ? undefined : { value: part.value, ignored: part.fixed.ignored },
  inFrames: message.framesAround(part) !== null,
})

/** Nothing follows a message. */
const trailing: Rule = {
  text: 'nothing behind it',
  tag: 'TrailingBytes',
  profile: 'compatible',
  break: (part, message) => ({
    _tag: 'edit',
    bytes: joined([message.bytesOf(part, null), Uint8Array.of(0)]),
    at: message.sizeOf(part),
    path: [],
  }),
}

const sampleOf = (rule: Rule, part: Written, message: Message, broken: Break): Malformed => {
  const { tag, profile } = rule
  const name = nameOfWay({ rule, part, message })
  if (broken._tag === 'end') {
    return { rule: name, profile, ...ended(tag, part, message, broken.into) }
  }
  const edit: Edit = { target: broken.target ?? part, bytes: broken.bytes }
  const offset = message.offsetOf(edit.target, broken.at, edit)
  const bytes = message.bytesOf(message.root, edit)
  return { rule: name, profile, bytes, issue: { tag, offset, path: broken.path ?? part.path } }
}

/** Ends the message, or the frames that a part lies in, inside the part. */
const ended = (
  tag: IssueTag,
  part: Written,
  message: Message,
  into: number,
): Pick<Malformed, 'bytes' | 'issue'> => {
  const frames = message.framesAround(part)
  const at = message.positionOf(part)
  if (frames === null) {
    const bytes = message.bytesOf(message.root, null).slice(0, at + into)
    // What is refused of a frame that is cut off is the frame.
    const offset = part.node._tag === 'framed' ? bytes.length : at
    return { bytes, issue: { tag, offset, path: part.path } }
  }
  const content = message.contentOf(frames, null).subarray(0, at + into)
  const edit: Edit = { target: frames, bytes: framesOf(content) }
  const offset = message.offsetOf(frames, positionInFrames(at, content.length), edit)
  return { bytes: message.bytesOf(message.root, edit), issue: { tag, offset, path: part.path } }
}

const pickFrom = (ways: ReadonlyArray<Way>, choice: number): Malformed | null => {
  for (let i = 0; i < ways.length; i++) {
    const sample = go(ways[(choice + i) % ways.length]!)
    if (sample !== null) {
      return sample
    }
  }
  return null
}

/** The first of the ways whose rule was broken least often. */
const rarest = (ways: ReadonlyArray<Way>, broken: ReadonlyMap<string, number>): Malformed | null => {
  const times = new Map(ways.map((way) => [way, broken.get(nameOfWay(way)) ?? 0]))
  return pickFrom(
    [...ways].sort((a, b) => times.get(a)! - times.get(b)!),
    0,
  )
}
