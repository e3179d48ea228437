import type { BranchNode } from '../node.js'
import { type Facts, type Said, unionOf } from './facts.js'
import { needOf, showPlace } from './places.js'
import { addExits, gathered } from './sequence.js'
import { expectLabel, type Spot } from './spots.js'

/** One of several cases is taken. */
export const waysFacts = (ways: ReadonlyArray<Facts>): Facts => {
  const goingOn = ways.filter(({ goesOn }) => goesOn)
  const exits = new Map<string | null, boolean>()
  const said = new Map<string, Said>()
  for (const way of ways) {
    addExits(exits, way, false)
    for (const [key, each] of way.said) {
      const before = said.get(key)
      said.set(
        key,
        before === undefined
          ? each
          : {
              sides: unionOf([before.sides, each.sides]),
              grammars: [...before.grammars, ...each.grammars],
            },
      )
    }
  }
  return {
    ...gathered(ways),
    said,
    sure: new Set([...said.keys()].filter((key) => goingOn.every(({ sure }) => sure.has(key)))),
    needs: ways.flatMap(({ needs }) => needs),
    exits,
    goesOn: goingOn.length > 0,
    moves: goingOn.every(({ moves }) => moves),
    begins: unionOf(ways.map(({ begins }) => begins)),
  }
}

export const branchFacts = ({ on, cases }: BranchNode, ways: ReadonlyArray<Facts>): Facts => {
  const by = `the branch on ${showPlace(on)}`
  expectCases(by, cases)
  const facts = waysFacts(ways)
  const need = needOf(by, on, (spots) => expectLabels(by, spots, cases))
  return { ...facts, needs: [need, ...facts.needs] }
}

/** @throws TypeError for a decision without cases. */
export const expectCases = (by: string, { size }: BranchNode['cases']): void => {
  if (size === 0) {
    throw new TypeError(`${by} has no cases`)
  }
}

/** @throws TypeError for a label that no value can have. */
export const expectLabels = (by: string, spots: ReadonlyArray<Spot>, cases: BranchNode['cases']): void => {
  for (const { label, name } of cases.values()) {
    expectLabel(by, spots, label, name)
  }
}
