import type { AnyGrammar } from '../../combinators/node.js'
import type { Side } from '../node.js'

/** What the rules need to know of a flow. It is made with the flow, from what is known of its parts. */
export interface Facts {
  /** What may be said in it, by key, as far as it is known after it. */
  readonly said: ReadonlyMap<string, Said>
  /** The keys that are known whenever it goes on. */
  readonly sure: ReadonlySet<string>
  /** What must be known before it. */
  readonly needs: ReadonlyArray<Need>
  /** The loops that it leaves or repeats, and whether bytes have moved by then in any case. Null: it ends all. */
  readonly exits: ReadonlyMap<string | null, boolean>
  /** The loops inside it. */
  readonly loops: ReadonlySet<string>
  /** Whether anything can come after it. */
  readonly goesOn: boolean
  /** Whether bytes have moved in any case when it goes on. */
  readonly moves: boolean
  /** The sides whose words may be its first. */
  readonly begins: ReadonlySet<Side>
  /** The sides that say anything in it. */
  readonly sides: ReadonlySet<Side>
}

/** What is said under a key. */
export interface Said {
  readonly sides: ReadonlySet<Side>
  /** More than one if the ways differ; null: bytes that flow. */
  readonly grammars: ReadonlyArray<AnyGrammar | null>
}

/** A place that is asked. */
export interface Need {
  /** Who asks, for messages: `the branch on log.kind`. */
  readonly by: string
  readonly key: string
  /** @throws TypeError if what is said under the key is not what is needed. */
  readonly check: (said: Said) => void
}

/** Of a flow that says nothing and goes on. */
export const silent: Facts = {
  said: new Map(),
  sure: new Set(),
  needs: [],
  exits: new Map(),
  loops: new Set(),
  goesOn: true,
  moves: false,
  begins: new Set(),
  sides: new Set(),
}

/** Of a flow in which one side says one thing. */
export const factsOfKey = (side: Side, key: string, grammar: AnyGrammar | null, moves: boolean): Facts => {
  const sides = new Set([side])
  return {
    ...silent,
    said: new Map([[key, { sides, grammars: [grammar] }]]),
    sure: new Set([key]),
    moves,
    begins: sides,
    sides,
  }
}

export const unionOf = <A>(sets: ReadonlyArray<ReadonlySet<A>>): ReadonlySet<A> =>
  new Set(sets.flatMap((each) => [...each]))

export const other = (side: Side): Side => (side === 'client' ? 'server' : 'client')

/** @throws TypeError for a flow inside which a loop around it is left or repeated. */
export const refuseExits = (what: string, { exits }: Facts): void => {
  for (const loop of exits.keys()) {
    throw new TypeError(
      loop === null
        ? `${what} cannot hold ends`
        : `${what} cannot hold again('${loop}'), which leads out of it`,
    )
  }
}

/** @throws TypeError for a flow in which the other side says something. */
export const expectOnly = (what: string, side: Side, { sides }: Facts): void => {
  if (sides.has(other(side))) {
    throw new TypeError(`${what} can hold only messages of the ${side}, not of the ${other(side)}`)
  }
}
