import { isLeft } from 'fp-ts/lib/Either.js'
import { joined } from '../../../bytes/joined.js'
import type { Grammar } from '../../../combinators/node.js'
import { factsOf } from '../../../conversation/checks/facts-of.js'
import { isOffered } from '../../../conversation/machine/offered.js'
import { valueAt } from '../../../conversation/machine/scope.js'
import type { FlowNode, Label, Side } from '../../../conversation/node.js'
import { toMalformed } from '../../malformed/index.js'
import type { GrownWord } from '../grown.js'
import type { BrokenSession } from '../session.js'
import { withValueAt } from '../values.js'
import { brokenOf, changed, expectedAt, expectedFrom } from './change.js'
import { isOutermost, type Occasion, type Site } from './site.js'

type Breaking = (occasion: Occasion, site: Site) => BrokenSession | null

const nothing = new Uint8Array(0)

/** The message at a site; null for anything else. */
const wordAt = ({ item }: Site): GrownWord | null =>
  item.part === 'word' && item.of._tag === 'word' && !item.isDeparture ? item.of : null

/** Ends the conversation in the middle of a message or of bytes. */
const cutAt =
  (rule: 'a word is cut' | 'bytes are cut', part: 'word' | 'bytes'): Breaking =>
  (occasion, site) => {
    const { index, item } = site
    const { bytes, isDeparture } = item
    if (item.part !== part || isDeparture || !isOutermost(site) || bytes.length < 2) {
      return null
    }
    return changed(occasion, rule, site, {
      at: index,
      remove: 1,
      bytes: bytes.subarray(0, 1 + occasion.draw.below(bytes.length - 1)),
      stops: true,
      from: 0,
      reads: expectedAt(item),
    })
  }

export const cut = cutAt('a word is cut', 'word')
export const cutBytes = cutAt('bytes are cut', 'bytes')

export const silent: Breaking = (occasion, site) => {
  const { index, item } = site
  const { bytes, opens, isDeparture, reads } = item
  return !isOutermost(site) || opens || isDeparture || reads === null || bytes.length === 0
    ? null
    : changed(occasion, 'a side falls silent', site, {
        at: index,
        remove: 1,
        bytes: nothing,
        stops: true,
        from: 0,
        reads: expectedAt(item),
      })
}

export const omitted: Breaking = (occasion, site) =>
  wordAt(site) === null
    ? null
    : changed(occasion, 'a word is omitted', site, {
        at: site.index,
        remove: 1,
        bytes: nothing,
        stops: false,
        from: 0,
        reads: expectedFrom(site.strand, site.index),
      })

/** The missing message is noticed before the next one of the other side. */
export const wrongSide: Breaking = (occasion, site) =>
  wordAt(site) === null || !isOutermost(site)
    ? null
    : changed(occasion, 'a word comes from the wrong side', site, {
        at: site.index,
        remove: 1,
        bytes: nothing,
        stops: false,
        from: 0,
        reads: expectedAt(site.item),
        besides: site.item.bytes,
      })

export const twice: Breaking = (occasion, site) =>
  wordAt(site) === null
    ? null
    : changed(occasion, 'a word is said twice', site, {
        at: site.index + 1,
        remove: 0,
        bytes: site.item.bytes,
        stops: false,
        from: 0,
        reads: expectedFrom(site.strand, site.index + 1),
      })

/** Whether an issue with this tag is recognised in a message even if others follow. */
const isInside = (tag: string): boolean => tag !== 'UnexpectedEnd' && tag !== 'TrailingBytes'

export const malformed: Breaking = (occasion, site) => {
  const word = wordAt(site)
  if (word === null || word.bytes.length === 0) {
    return null
  }
  const { strand, index, item } = site
  const { node, plans, value } = word
  const malformer = toMalformed(node.grammar as Grammar<unknown>, plans.protocol)
  for (let tries = 0; tries < 8; tries++) {
    const made = malformer.pick(value, occasion.draw.below(1000))
    if (made !== null && made.profile === 'compatible' && isInside(made.issue.tag)) {
      const { tag, offset, path } = made.issue
      const found = { tag, offset: item.start + offset, path: [node.key, ...path], guard: item.guard }
      const before = strand.items.slice(0, index).map(({ bytes }) => bytes)
      const behind = strand.items.slice(index + 1).map(({ bytes }) => bytes)
      return brokenOf(occasion, 'a word breaks a rule of its grammar', item, {
        strand,
        bytes: joined([...before, made.bytes, ...behind]),
        at: item.start,
        found,
        change: { stops: false },
      })
    }
  }
  return null
}

/** Null for a value that the grammar does not have. */
const bytesOf = ({ plans, node }: GrownWord, value: unknown): Uint8Array | null => {
  let bytes = nothing
  const result = plans.write(node.grammar as Grammar<unknown>, value, (given) => {
    bytes = given.slice()
  })
  return isLeft(result) ? null : bytes
}

const longest = 100_000

export const tooLong: Breaking = (occasion, site) => {
  const word = wordAt(site)
  const most = word?.most ?? null
  if (word === null || most === null || most > longest) {
    return null
  }
  const length = most + 1 + occasion.draw.below(9)
  const { value } = word
  const longer =
    value instanceof Uint8Array
      ? new Uint8Array(length)
      : typeof value === 'string'
        ? 'x'.repeat(length)
        : Array.isArray(value) && value.length > 0
          ? Array.from({ length }, (_, i) => value[i % value.length] as unknown)
          : null
  const bytes = longer === null ? null : bytesOf(word, longer)
  return bytes === null
    ? null
    : changed(occasion, 'a word is longer than was asked for', site, {
        at: site.index,
        remove: 1,
        bytes,
        stops: false,
        from: 0,
        reads: expectedAt(site.item),
      })
}

export const noSuchCase: Breaking = (occasion, site) => {
  const word = wordAt(site)
  const branch = word?.branch ?? null
  if (word === null || branch === null || branch.otherwise !== null) {
    return null
  }
  const { on, cases } = branch
  const now = valueAt(word.value, on)
  if (typeof now !== 'number' && typeof now !== 'bigint') {
    return null
  }
  const greatest = [...cases.keys()]
    .map(Number)
    .filter(Number.isSafeInteger)
    .reduce((most, each) => Math.max(most, each), 0)
  const label = occasion.draw.one([greatest + 1, greatest + 2 + occasion.draw.below(1000), 2 ** 31])
  const other: Label = typeof now === 'bigint' ? BigInt(label) : label
  const bytes = cases.has(other) ? null : bytesOf(word, withValueAt(word.value, on.slice(1), other))
  const { strand, index, item } = site
  return bytes === null
    ? null
    : brokenOf(occasion, 'there is no such case', item, {
        strand,
        bytes: joined(strand.items.map((each, i) => (i === index ? bytes : each.bytes))),
        at: item.start,
        found: { tag: 'UnknownTag', offset: item.start, path: on, guard: item.guard },
        change: { stops: false },
      })
}

/** Whether a side has to send the first message. */
const beginsWith = (flow: FlowNode, side: Side): boolean => {
  switch (flow._tag) {
    case 'says':
      return flow.side === side && factsOf(flow).moves
    case 'carried':
      return flow.side === side && flow.way._tag === 'frames'
    case 'sequence':
      return flow.parts[0] !== undefined && beginsWith(flow.parts[0], side)
    case 'atOnce':
      return flow.parts.some((part) => beginsWith(part, side))
    default:
      return false
  }
}

/**
 * A case that only other protocols have; the side that requests it sends nothing more, so the messages of the case are
 * absent.
 */
export const lackingCase: Breaking = (occasion, site) => {
  const word = wordAt(site)
  const branch = word?.branch ?? null
  if (word === null || branch === null || !isOutermost(site)) {
    return null
  }
  const { strand, index, item } = site
  const lacking = [...branch.cases.values()].filter(
    ({ gate, flow }) => !isOffered(gate, word.plans.protocol) && beginsWith(flow, strand.side),
  )
  if (lacking.length === 0) {
    return null
  }
  const { label } = occasion.draw.one(lacking)
  const bytes = bytesOf(word, withValueAt(word.value, branch.on.slice(1), label))
  if (bytes === null) {
    return null
  }
  const before = strand.items.slice(0, index).map((each) => each.bytes)
  return brokenOf(occasion, 'the protocol lacks the case', item, {
    strand,
    bytes: joined([...before, bytes]),
    at: item.start,
    found: { tag: 'UnknownTag', offset: item.start, path: branch.on, guard: item.guard },
    change: { stops: true },
  })
}
