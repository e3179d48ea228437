import { type AnyGrammar, nodeName } from '../../combinators/node.js'
import { bounds } from '../../combinators/size.js'
import type { AgreeNode, BlobNode, SaysNode, UnlessNode } from '../node.js'
import { expectOnly, type Facts, factsOfKey, type Need, refuseExits, silent, unionOf } from './facts.js'
import { numberNeed } from './places.js'

export const saysFacts = ({ side, key, grammar, atMost }: SaysNode): Facts => ({
  ...factsOfKey(side, key, grammar, bounds(grammar.node).min > 0),
  needs: atMost === null ? [] : [numberNeed(`the most that ${key} may have`, atMost)],
})

export const blobFacts = ({ side, key }: BlobNode): Facts => factsOfKey(side, key, null, false)

export const agreeFacts = ({ name, from }: AgreeNode): Facts => ({
  ...silent,
  needs: from.map(({ key, grammar }): Need => {
    const by = `the agreement on ${name}`
    return {
      by,
      key,
      check: ({ grammars }) => {
        const wanted = grammar === 'size' ? null : grammar
        if (!grammars.some((each) => each?.node === wanted?.node)) {
          const is = grammars.map(wordsOf).join(' or ')
          throw new TypeError(`${by} takes ${key} as ${wordsOf(wanted)}, but it is ${is}`)
        }
      },
    }
  }),
})

const wordsOf = (grammar: AnyGrammar | null): string =>
  grammar === null ? 'bytes that flow' : nodeName(grammar.node)

export const againFacts = (loop: string): Facts => ({
  ...silent,
  exits: new Map([[loop, false]]),
  goesOn: false,
})

export const endsFacts: Facts = { ...silent, exits: new Map([[null, true]]), goesOn: false }

/** @throws TypeError for a departure that leads back into the conversation. */
export const unlessFacts = ({ side }: UnlessNode, departs: Facts, flow: Facts): Facts => {
  const what = `what the ${side} says when it departs`
  refuseExits(what, departs)
  expectOnly(what, side, departs)
  return {
    ...flow,
    needs: [...flow.needs, ...departs.needs],
    loops: unionOf([flow.loops, departs.loops]),
    sides: unionOf([flow.sides, departs.sides]),
  }
}
