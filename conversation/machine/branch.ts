import { type Gate, leavesOf, showGate } from '../../combinators/gate.js'
import type { Issue } from '../../combinators/issue.js'
import type { Agreed, Protocol } from '../../combinators/protocol.js'
import { oneOf, show } from '../../combinators/show.js'
import { ordVersion } from '../../combinators/version.js'
import { unaskedExits } from '../exits.js'
import type { BranchNode, Case, FlowNode, Label, Side } from '../node.js'
import { flowsIn } from '../parts.js'
import { notYet } from './feed.js'
import { isOffered, showAgreed } from './offered.js'
import { closed, departed, type Exit, type Heard, type Run, type Scope, valueAt } from './scope.js'
import { type Break, joinedBreak, settled, type Talk } from './talk.js'

/** An earlier message decides what follows. */
export function* hearBranch(node: BranchNode, scope: Scope, run: Run): Talk<Exit> {
  const { on, cases, otherwise } = node
  const heard = scope.said.get(on[0])
  const label = valueAt(heard.value, on) as Label
  const found = cases.get(label)
  if (found === undefined) {
    if (otherwise === null) {
      throw unknownCase(node, heard, label)
    }
    return yield* left(otherwise, heard, scope, run)
  }
  const lacking = !isOffered(found.gate, scope.host.plans.protocol)
  if (scope.turn?.chosen === null) {
    scope.turn.chosen = found.name
    scope.turn.lacking = lacking
  }
  if (lacking && scope.host.isStrict) {
    throw lackingCase(node, heard, found, scope)
  }
  return yield* lacking ? hearLacking(node, heard, found, scope, run) : left(found.flow, heard, scope, run)
}

/** The case of a value, if it only repeats a loop, or if nothing follows. */
export const caseNow = (
  { on, cases }: BranchNode,
  value: unknown,
  protocol: Partial<Protocol>,
): Case | null => {
  const found = cases.get(valueAt(value, on) as Label)
  return found === undefined || !leadsNowhere(found.flow) || !isOffered(found.gate, protocol) ? null : found
}

/** The loop that a case repeats, or null if nothing follows; `notYet` if there is more to it. */
export const leftNow = (node: BranchNode, scope: Scope): string | null | typeof notYet => {
  const { host, turn } = scope
  const { value } = scope.said.get(node.on[0])
  const found = caseNow(node, value, host.plans.protocol)
  if (found === null) {
    return notYet
  }
  if (turn?.chosen === null) {
    turn.chosen = found.name
  }
  if (found.flow._tag !== 'again') {
    return null
  }
  host.leaves(value)
  return found.flow.loop
}

const leadsNowhere = (flow: FlowNode): boolean =>
  flow._tag === 'again' || (flow._tag === 'sequence' && flow.parts.length === 0)

/** Follows a case; if it leaves a loop without another decision, this message is the reason. */
function* left(way: FlowNode, { value }: Heard, scope: Scope, run: Run): Talk<Exit> {
  const exit = yield* run(way, scope)
  if (exit !== null && exit !== departed && unaskedExits(way).has(exit === closed ? null : exit)) {
    scope.host.leaves(value)
  }
  return exit
}

/**
 * A case that the protocol lacks: clients may request it. It is followed as far as it can be read; if its first message
 * cannot, the case counts as unknown.
 */
function* hearLacking(node: BranchNode, heard: Heard, found: Case, scope: Scope, run: Run): Talk<Exit> {
  const nearest = nearestWith(found.gate, scope.host.plans.protocol as Agreed)
  const ending = yield* settled(run(found.flow, { ...scope, nearest }))
  if (ending._tag === 'Done') {
    return ending.value
  }
  const first = firstWord(found.flow, heard.ear.side)
  throw joinedBreak(
    ending.by.all.map((each) =>
      each.feed === heard.ear.feed && each.issue.path[0] === first
        ? lackingCase(node, heard, found, scope)
        : each,
    ),
  )
}

/** The key of the first message or stream of a side in a flow. */
const firstWord = (flow: FlowNode, side: Side): string | undefined => {
  for (const each of flowsIn(flow)) {
    if ((each._tag === 'says' || each._tag === 'carried' || each._tag === 'blob') && each.side === side) {
      return each.key
    }
  }
  return undefined
}

/** The protocol with the lowest version, from the negotiated one on, that has the case, for its form. */
const nearestWith = (gate: Gate | null, agreed: Agreed): Agreed => {
  const all = (gate === null ? [] : leavesOf(gate))
    .flatMap((leaf) => (leaf._tag === 'since' ? [leaf.version] : []))
    .filter((version) => ordVersion.compare(version, agreed.version) > 0)
    .sort(ordVersion.compare)
    .map((version): Agreed => ({ ...agreed, version }))
  return all.find((each) => isOffered(gate, each)) ?? all[0] ?? agreed
}

const unknownCase = ({ on, cases }: BranchNode, heard: Heard, label: Label): Break =>
  wrongCase(on, heard, [...cases.values()], show(label))

/** A case that only other protocols have. */
const lackingCase = ({ on, cases }: BranchNode, heard: Heard, found: Case, { host }: Scope): Break => {
  const { protocol } = host.plans
  const { gate } = found
  const why = gate === null ? '' : `, which needs ${showGate(gate)}; agreed on: ${showAgreed(gate, protocol)}`
  const offered = [...cases.values()].filter((each) => isOffered(each.gate, protocol))
  return wrongCase(on, heard, offered, `${wordsOf(found)}${why}`)
}

const wrongCase = (
  on: BranchNode['on'],
  { ear, start, offset }: Heard,
  cases: ReadonlyArray<Case>,
  actual: string,
): Break => {
  const issue: Issue = {
    _tag: 'UnknownTag',
    offset: start,
    path: [],
    expected: cases.length === 0 ? 'a case that was agreed on' : oneOf(cases, wordsOf),
    actual,
    grammar: on[0],
  }
  return ear.broken(on, issue, offset)
}

const wordsOf = ({ name, label }: Case): string => (label === name ? show(label) : `${show(label)} (${name})`)
