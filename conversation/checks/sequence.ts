import type { Facts, Need, Said } from './facts.js'
import { silent, unionOf } from './facts.js'

/** Consecutive parts. @throws TypeError for parts that cannot be in this order. */
export const sequenceFacts = (parts: ReadonlyArray<Facts>): Facts => {
  const said = new Map<string, Said>()
  const sure = new Set<string>()
  const open: Array<Need> = []
  const exits = new Map<string | null, boolean>()
  let { goesOn, moves, begins } = silent
  for (const part of parts) {
    if (!goesOn) {
      throw new TypeError('what comes after a part that always leaves can never be said')
    }
    for (const need of part.needs) {
      const known = said.get(need.key)
      if (known === undefined) {
        open.push(need)
      } else {
        expectSure(need, sure)
        need.check(known)
      }
    }
    addSaid(said, part)
    addExits(exits, part, moves)
    begins = moves ? begins : unionOf([begins, part.begins])
    moves ||= part.moves
    goesOn = part.goesOn
    for (const key of part.sure) {
      sure.add(key)
    }
  }
  expectBefore(open, said)
  return { ...gathered(parts), said, sure, needs: open, exits, goesOn, moves, begins }
}

/** Parts that proceed independently. @throws TypeError for parts that cannot run at once. */
export const atOnceFacts = (parts: ReadonlyArray<Facts>): Facts => {
  if (parts.length < 2) {
    throw new TypeError('atOnce needs at least two parts')
  }
  expectApart(parts)
  const said = new Map<string, Said>()
  const exits = new Map<string | null, boolean>()
  for (const part of parts) {
    addSaid(said, part)
    addExits(exits, part, false)
  }
  const needs = parts.flatMap((part) => part.needs)
  expectBefore(needs, said)
  return {
    ...gathered(parts),
    said,
    sure: unionOf(parts.map((part) => part.sure)),
    needs,
    exits,
    goesOn: parts.every(({ goesOn }) => goesOn),
    moves: parts.some(({ moves }) => moves),
    begins: unionOf(parts.map(({ begins }) => begins)),
  }
}

/** If two parts have messages of one side, a reader cannot tell which of them comes next. */
const expectApart = (parts: ReadonlyArray<Facts>): void => {
  for (const side of ['client', 'server'] as const) {
    if (parts.filter(({ sides }) => sides.has(side)).length > 1) {
      throw new TypeError(`two parts of atOnce have messages of the ${side}`)
    }
  }
}

/** The facts that do not depend on how parts are combined. */
export const gathered = (parts: ReadonlyArray<Facts>): Pick<Facts, 'loops' | 'sides'> => ({
  loops: unionOf(parts.map(({ loops }) => loops)),
  sides: unionOf(parts.map(({ sides }) => sides)),
})

export const addExits = (exits: Map<string | null, boolean>, part: Facts, moved: boolean): void => {
  for (const [loop, moves] of part.exits) {
    exits.set(loop, (exits.get(loop) ?? true) && (moved || moves))
  }
}

const addSaid = (said: Map<string, Said>, part: Facts): void => {
  for (const [key, each] of part.said) {
    if (said.has(key)) {
      throw new TypeError(`the key ${key} occurs twice in a turn`)
    }
    said.set(key, each)
  }
}

const expectSure = ({ by, key }: Need, sure: ReadonlySet<string>): void => {
  if (!sure.has(key)) {
    throw new TypeError(`${by} refers to ${key}, which is not sent on every way to it`)
  }
}

const expectBefore = (open: ReadonlyArray<Need>, said: ReadonlyMap<string, Said>): void => {
  for (const { by, key } of open) {
    if (said.has(key)) {
      throw new TypeError(`${by} refers to ${key}, which is not sent before it`)
    }
  }
}
