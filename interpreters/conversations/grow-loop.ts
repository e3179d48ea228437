import { valueAt } from '../../conversation/machine/scope.js'
import type { LoopNode } from '../../conversation/node.js'
import type { Grown, GrownLoop, Leave } from './grown.js'
import { type Growth, type Stand, Words } from './stand.js'

/** Turns of a loop: as many as were announced, as a side begins, or as the messages in it lead to. */
export const growLoop = (growth: Growth, node: LoopNode, old: Grown | null, stand: Stand): Grown => {
  const { edit } = growth
  const before =
    old?._tag !== 'loop' ? null : edit !== null && edit.of === old && edit.rounds ? edit.rounds : old.rounds
  const { until } = node
  return until === null
    ? growUntilLeft(growth, node, before, stand)
    : 'times' in until
      ? growTimes(
          growth,
          node,
          Number(valueAt(stand.words.get(until.times[0]).value, until.times)),
          before,
          stand,
        )
      : growTurns(growth, node, before, stand)
}

type Before = ReadonlyArray<Grown> | null

const round = (node: LoopNode, number: number, stand: Stand): Stand => ({
  ...stand,
  loops: [...stand.loops, { node, round: number }],
})

const growUntilLeft = (growth: Growth, node: LoopNode, before: Before, stand: Stand): GrownLoop => {
  const rounds: Grown[] = []
  let leave: Leave = node.name
  while (leave === node.name) {
    const grown = growth.grow(node.body, before?.[rounds.length] ?? null, round(node, rounds.length, stand))
    rounds.push(grown)
    leave = grown.leave
  }
  return { _tag: 'loop', node, rounds, plans: growth.plans, leave }
}

const growTimes = (
  growth: Growth,
  node: LoopNode,
  times: number,
  before: Before,
  stand: Stand,
): GrownLoop => {
  const rounds: Grown[] = []
  let leave: Leave = null
  while (rounds.length < times && leave === null) {
    const grown = growth.grow(node.body, before?.[rounds.length] ?? null, round(node, rounds.length, stand))
    rounds.push(grown)
    leave = grown.leave === node.name ? null : grown.leave
  }
  return { _tag: 'loop', node, rounds, plans: growth.plans, leave }
}

const usualTurns = 4

const growTurns = (growth: Growth, node: LoopNode, before: Before, stand: Stand): GrownLoop => {
  const { turns, mostTurns = usualTurns } = growth.maker.options
  const isOutermost = stand.turn === null && !stand.isDeparture
  const many =
    isOutermost && turns !== undefined ? turns.length : (before?.length ?? growth.draw.below(mostTurns + 1))
  const rounds: Grown[] = []
  let leave: Leave = null
  while (rounds.length < many && leave === null) {
    const grown = growth.grow(node.body, before?.[rounds.length] ?? null, {
      ...round(node, rounds.length, stand),
      words: new Words(stand.words),
      turn: { loop: node.name, number: rounds.length },
    })
    rounds.push(grown)
    leave = grown.leave === node.name ? null : grown.leave
  }
  return { _tag: 'loop', node, rounds, plans: growth.plans, leave }
}
