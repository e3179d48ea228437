import type { Agreed } from '../../combinators/protocol.js'
import { other } from '../../conversation/checks/facts.js'
import { factsOf } from '../../conversation/checks/facts-of.js'
import { isOffered } from '../../conversation/machine/offered.js'
import { behindBytes } from '../../conversation/machine/piece-place.js'
import { valueAt } from '../../conversation/machine/scope.js'
import type { BranchNode, Case, Label, SaysNode } from '../../conversation/node.js'
import { NoValues } from '../arbitrary/no-values.js'
import { type Asked, askedOf } from './ahead.js'
import { written } from './grow-agreement.js'
import { departureInstead } from './grow-departure.js'
import type { Grown, GrownWord } from './grown.js'
import type { Wish } from './maker.js'
import { labelled, placed } from './placed.js'
import { smallest } from './shrunk.js'
import { enoughRounds, type Growth, type Stand } from './stand.js'
import { withValueAt } from './values.js'
import { showLacking } from './wanted-turns.js'

/** The case that a message leads to. */
interface Choice {
  readonly label: Label | undefined
  readonly wishes: ReadonlyArray<Wish>
}

/** Sends one message; sometimes the side breaks off instead. */
export const growWord = (growth: Growth, node: SaysNode, old: Grown | null, stand: Stand): Grown => {
  const asked = askedOf(node.key, stand.after)
  return departureInstead(growth, node, old, stand) ?? sayWord(growth, node, old, stand, asked)
}

const sayWord = (
  growth: Growth,
  node: SaysNode,
  old: Grown | null,
  stand: Stand,
  asked: Asked,
): GrownWord => {
  const before = old?._tag === 'word' ? old : null
  const { plans, maker, draw, edit } = growth
  const { atMost } = node
  const most = atMost === null ? null : Number(valueAt(stand.words.get(atMost[0]).value, atMost))
  const handed = handedOver(growth, node, before, stand, most)
  const asking = asks(growth, node, before, stand)
  const choice = choiceOf(growth, node, before, stand, asked, asking, handed !== null)
  const hints = before === null ? hintsOf(growth, asked) : before.hints
  const wishes = [...choice.wishes, ...countsOf(asked), ...hints]
  const isPiece = stand.supplying?.way.of[0] === node.key && node.side === stand.supplying.side
  const arbitrary = maker.word(
    node,
    plans.protocol,
    most === null || isPiece ? wishes : [...wishes, { _tag: 'most', most }],
  )
  const made =
    edit !== null && edit.of === before && edit.made
      ? edit.made
      : before !== null && before.arbitrary === arbitrary
        ? edit?.of === null
          ? smallest(arbitrary, before.made)
          : before.made
        : draw.value(arbitrary)
  const base = asking !== null && choice.label === asking.label ? asking.value : made.value
  const value = handed !== null && hasPlace(base, node, stand) ? withPiece(base, stand, handed) : base
  const word: GrownWord = {
    _tag: 'word',
    node,
    arbitrary,
    made,
    value,
    bytes: written(plans, node, value),
    plans,
    hints,
    branch: asked.branch,
    isNext: stand.after?.flows[stand.after.from] === asked.branch,
    label: choice.label,
    most,
    piece: pieceOf(growth, node, stand, value),
    decides:
      asked.branch !== null ||
      asked.loops.length + asked.bounds.length + asked.agreements.length > 0 ||
      isPiece,
    counts: asked.loops.length + asked.bounds.length > 0,
    leave: null,
  }
  stand.words.add({ of: word, value })
  return word
}

/** The number of turns that a message announces, and the bound of a later one: both small. */
const countsOf = ({ loops, bounds }: Asked): ReadonlyArray<Wish> => [
  ...loops.flatMap(
    ({ until }): ReadonlyArray<Wish> =>
      until !== null && 'times' in until
        ? [{ _tag: 'number', fields: until.times.slice(1), from: 0, to: enoughRounds }]
        : [],
  ),
  ...bounds.flatMap(
    ({ atMost }): ReadonlyArray<Wish> =>
      atMost === null ? [] : [{ _tag: 'number', fields: atMost.slice(1), from: 1, to: 4096 }],
  ),
]

const hintsOf = ({ maker, draw, aim }: Growth, { agreements }: Asked): ReadonlyArray<Wish> => {
  const agreed = { ...aim, ...maker.options.agreed }
  // Otherwise one side would never offer more than the other.
  return agreements.length === 0 || draw.oneIn(3) ? [] : [{ _tag: 'hint', agreed }]
}

/** The request for a piece, if one side sends requests. */
const asks = (
  { draw, maker }: Growth,
  { key, side }: SaysNode,
  before: GrownWord | null,
  { supplying }: Stand,
): { readonly value: unknown; readonly isWanted: boolean; label: Label | undefined } | null => {
  const question = supplying?.way.asks
  if (!question || question.key !== key || side !== other(supplying!.side)) {
    return null
  }
  const isWanted = supplying!.rest.length > 0 && (supplying!.taken > 0 || !draw.oneIn(8))
  const again = valueAt(before?.value, [key, question.size])
  const size =
    typeof again === 'number' ? again : (maker.options.asksFor ?? draw.one([1, 3, 8, 100, 4096, 65536]))
  return { value: { ...question.value, [question.size]: size }, isWanted, label: undefined }
}

/** The next piece, if this message has one. */
const handedOver = (
  { draw }: Growth,
  { key, side }: SaysNode,
  before: GrownWord | null,
  { supplying }: Stand,
  most: number | null,
): Uint8Array | null => {
  if (supplying === null || supplying.way.of[0] !== key || supplying.side !== side) {
    return null
  }
  const { rest } = supplying
  return rest.subarray(
    0,
    Math.min(most ?? rest.length, before?.piece?.size ?? Math.max(1, draw.below(rest.length + 1))),
  )
}

const hasPlace = (value: unknown, _: SaysNode, { supplying }: Stand): boolean =>
  valueAt(value, supplying!.way.of) instanceof Uint8Array

const withPiece = (value: unknown, { supplying }: Stand, piece: Uint8Array): unknown => {
  const { way } = supplying!
  supplying!.rest = supplying!.rest.subarray(piece.length)
  supplying!.taken++
  return withValueAt(value, way.of.slice(1), piece)
}

const pieceOf = (
  { plans }: Growth,
  { key, side, grammar }: SaysNode,
  { supplying }: Stand,
  value: unknown,
): GrownWord['piece'] => {
  const of = supplying?.way.of
  const piece = of?.[0] === key && side === supplying?.side ? valueAt(value, of) : null
  return piece instanceof Uint8Array
    ? { size: piece.length, behind: behindBytes(grammar.node, of!.slice(1), value, plans.protocol) ?? 0 }
    : null
}

/** Chooses the case. */
const choiceOf = (
  growth: Growth,
  node: SaysNode,
  before: GrownWord | null,
  stand: Stand,
  { branch }: Asked,
  asking: ReturnType<typeof asks>,
  isPiece: boolean,
): Choice => {
  if (branch === null) {
    return { label: undefined, wishes: [] }
  }
  const fields = branch.on.slice(1)
  if (!canSteer(growth, node, branch)) {
    return { label: undefined, wishes: [] }
  }
  const offered = [...branch.cases.values()].filter(({ gate }) => isOffered(gate, growth.plans.protocol))
  const wanted = wantedCase(growth, node, branch, stand, offered)
  const likely = wanted ?? likelyCases(growth, node, branch, stand, offered, asking, isPiece)
  const again =
    before?.branch === branch ? likely.find(({ each }) => each?.label === before.label) : undefined
  const found = again ?? weighed(growth, likely)
  if (found === undefined) {
    throw new Error(`no case of the branch on ${branch.on.join('.')} leads on`)
  }
  if (found.each === null) {
    const labels = [...branch.cases.keys()]
    return { label: undefined, wishes: [{ _tag: 'other', fields, labels }] }
  }
  const { label } = found.each
  if (asking !== null && valueAt(asking.value, branch.on) === label) {
    asking.label = label
  }
  return { label, wishes: [{ _tag: 'label', fields, label }] }
}

/**
 * Whether the grammar of the message can be restricted to the case; otherwise the generated value decides.
 */
const canSteer = ({ plans, maker }: Growth, { key, grammar }: SaysNode, { on, cases }: BranchNode): boolean =>
  Object.hasOwn(maker.options.words ?? {}, key) ||
  [...cases.keys()].some(
    (label) => labelled(grammar.node, on.slice(1), label, plans.protocol as Agreed, (at) => at) !== null,
  )

/** A case with its weight; null for a value that belongs to none. */
interface Likely {
  readonly each: Case | null
  readonly weight: number
}

const wantedCase = (
  { maker }: Growth,
  node: SaysNode,
  branch: BranchNode,
  { turn, loops, isDeparture }: Stand,
  offered: ReadonlyArray<Case>,
): ReadonlyArray<Likely> | null => {
  const { turns } = maker.options
  const loop = loops.at(-1)
  const isFirst = loop?.node.body._tag === 'sequence' && loop.node.body.parts[0] === node
  if (turns === undefined || turn === null || isDeparture || loops.length !== 1 || !isFirst) {
    return null
  }
  const name = turns[turn.number]
  const found = offered.find((each) => each.name === name)
  if (found === undefined) {
    const lacks = [...branch.cases.values()].find((each) => each.name === name)?.gate ?? null
    throw lacks === null
      ? new TypeError(
          `the option turns has ${JSON.stringify(name)}, which is not a case of the turns ${loop.node.name}`,
        )
      : new NoValues(
          `${showLacking({ name: String(name), gate: lacks })}, and the sides have agreed on something else`,
        )
  }
  return [{ each: found, weight: 1 }]
}

const likelyCases = (
  { plans }: Growth,
  node: SaysNode,
  branch: BranchNode,
  { loops, supplying }: Stand,
  offered: ReadonlyArray<Case>,
  asking: ReturnType<typeof asks>,
  isPiece: boolean,
): ReadonlyArray<Likely> => {
  const last = loops.at(-1)
  // The side that begins turns decides their number; other loops have enough after some rounds.
  const loop = last?.node.until === null ? last : undefined
  const isEnough = loop !== undefined && loop.round >= enoughRounds
  const isDue =
    supplying !== null && supplying.rest.length > 0 && (isPiece || supplying.taken > 0 || asking?.isWanted)
  const likely = offered.map((each): Likely => {
    const { exits, goesOn } = factsOf(each.flow)
    const repeats = loop !== undefined && exits.has(loop.node.name)
    const takesPiece =
      asking === null
        ? isPiece && holdsPiece(plans.protocol, node, branch, each, supplying!.way.of)
        : valueAt(asking.value, branch.on) === each.label
    if (takesPiece) {
      return { each, weight: isDue ? 8 : 0 }
    }
    if (repeats) {
      return { each, weight: isEnough ? 0 : 3 }
    }
    return { each, weight: goesOn ? (isDue ? 0 : 4) : 1 }
  })
  const others = branch.otherwise === null ? [] : [{ each: null, weight: 2 }]
  return [...likely, ...others].filter(({ weight }) => weight > 0)
}

/** Whether the messages of a case have a place for a piece. */
const holdsPiece = (
  protocol: Partial<Agreed>,
  { grammar }: SaysNode,
  branch: BranchNode,
  { label }: Case,
  of: ReadonlyArray<string>,
): boolean => {
  const tag = branch.on.at(-1)
  let isThere = false
  placed(grammar.node, of.slice(1, -1), protocol as Agreed, (at) => {
    const body =
      at._tag === 'choice' && at.shape._tag === 'tagged' && at.shape.key === tag
        ? at.cases.find(({ name }) => name === label)?.body
        : undefined
    isThere = body !== undefined && placed(body, of.slice(-1), protocol as Agreed, (found) => found) !== null
    return null
  })
  return isThere
}

const weighed = ({ draw }: Growth, likely: ReadonlyArray<Likely>): Likely | undefined => {
  let at = draw.below(
    Math.max(
      1,
      likely.reduce((sum, { weight }) => sum + weight, 0),
    ),
  )
  return likely.find(({ weight }) => {
    at -= weight
    return at < 0
  })
}
