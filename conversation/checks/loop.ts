import type { FlowNode, LoopNode, Speech } from '../node.js'
import { flowsIn } from '../parts.js'
import { type Facts, other } from './facts.js'
import { numberNeed } from './places.js'

/** @throws TypeError for a loop that makes no progress, or that nothing repeats. */
export const loopFacts = (node: LoopNode, body: Facts): Facts => {
  const { name, until, speech } = node
  expectRounds(`the loop ${name}`, node, body)
  if (speech !== null) {
    expectSpeech(node, speech, body)
  }
  const around = { ...body, loops: new Set([...body.loops, name]), exits: without(name, body.exits) }
  if (until === null) {
    return around
  }
  if ('times' in until) {
    const need = numberNeed(`the number of rounds of ${name}`, until.times)
    return { ...around, sure: new Set(), needs: [need, ...body.needs], moves: false, goesOn: true }
  }
  expectBegins(name, until.end, body)
  return { ...around, said: new Map(), sure: new Set(), moves: false, goesOn: true }
}

const without = (name: string, exits: Facts['exits']): Facts['exits'] =>
  new Map([...exits].filter(([loop]) => loop !== name))

/** @throws TypeError for a loop that makes no progress; `what` it is in the words of the program. */
export const expectRounds = (
  what: string,
  { name, until }: Pick<LoopNode, 'name' | 'until'>,
  { loops, exits, goesOn, moves }: Facts,
): void => {
  if (loops.has(name)) {
    throw new TypeError(`${what} holds a loop of the same name`)
  }
  const repeats = exits.get(name)
  if (until === null && repeats === undefined) {
    throw new TypeError(`nothing repeats ${what}: again('${name}') is missing inside it`)
  }
  if (until === null && !goesOn && exits.size === 1) {
    throw new TypeError(`${what} never ends`)
  }
  if (repeats === false || (until !== null && goesOn && !moves)) {
    throw new TypeError(`${what} could run forever: a round of it may take no bytes`)
  }
}

const expectBegins = (name: string, end: 'client' | 'server', { begins }: Facts): void => {
  if (begins.has(other(end)) || !begins.has(end)) {
    throw new TypeError(`a round of ${name} must begin with a message of the ${end}, which ends the loop`)
  }
}

const expectSpeech = ({ name, body }: LoopNode, { key, failed }: Speech, { said }: Facts): void => {
  const spoken = said.get(key)
  if (spoken === undefined || spoken.sides.size !== 1) {
    throw new TypeError(
      `the speech of the loop ${name} has the key ${key}, which is not the key of one side's messages in it`,
    )
  }
  if (![...flowsIn(body)].some((node) => isCase(node, key, failed))) {
    throw new TypeError(`the speech of the loop ${name} has no case ${failed} of a branch on ${key}`)
  }
}

const isCase = (node: FlowNode, key: string, failed: string): boolean =>
  node._tag === 'branch' && node.on[0] === key && [...node.cases.values()].some(({ name }) => name === failed)
