import type { AnyGrammar } from '../../combinators/node.js'
import type { Side } from '../node.js'

/** The facts about a flow that the checks need. They are made with the flow, from those of its parts. */
export interface Facts {
  /** The messages that may be sent in it, by key, as far as they are known after it. */
  readonly said: ReadonlyMap<string, Said>
  /** The keys that are known whenever the flow goes on. */
  readonly sure: ReadonlySet<string>
  /** The messages that must come before it. */
  readonly needs: ReadonlyArray<Need>
  /**
   * The loops that it leaves or repeats, and whether bytes always move before that. Null: it ends the conversation.
   */
  readonly exits: ReadonlyMap<string | null, boolean>
  /** The loops inside it. */
  readonly loops: ReadonlySet<string>
  /** Whether anything can come after it. */
  readonly goesOn: boolean
  /** Whether bytes always move before it goes on. */
  readonly moves: boolean
  /** The sides that may send its first message. */
  readonly begins: ReadonlySet<Side>
  /** The sides that send anything in it. */
  readonly sides: ReadonlySet<Side>
}

/** The message with a key. */
export interface Said {
  readonly sides: ReadonlySet<Side>
  /** More than one if the cases differ; null for streamed bytes. */
  readonly grammars: ReadonlyArray<AnyGrammar | null>
}

/** A reference to a place in an earlier message. */
export interface Need {
  /** What refers to it, for messages: `the branch on log.kind`. */
  readonly by: string
  readonly key: string
  /** @throws TypeError if the message with the key does not fit. */
  readonly check: (said: Said) => void
}

/** The facts about a flow without messages that goes on. */
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

/** The facts about a flow with one message of one side. */
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

/** @throws TypeError for a flow that leaves or repeats a loop around it. */
export const refuseExits = (what: string, { exits }: Facts): void => {
  for (const loop of exits.keys()) {
    throw new TypeError(
      loop === null
        ? `${what} cannot hold ends`
        : `${what} cannot hold again('${loop}'), which leads out of it`,
    )
  }
}

/** @throws TypeError for a flow with messages of the other side. */
export const expectOnly = (what: string, side: Side, { sides }: Facts): void => {
  if (sides.has(other(side))) {
    throw new TypeError(`${what} can hold only messages of the ${side}, not of the ${other(side)}`)
  }
}
