import fc from 'fast-check'
import { toArbitrary } from '../../../interpreters/arbitrary/index.js'
import type { Draw } from './draw.js'
import type { Recipe, Untyped } from './recipe.js'

/** The protocols that random grammars depend on. */
export const versions = ['1.1', '1.2', '1.3'] as const
export const features = ['milk', 'lemon'] as const

/** The place of a combinator. */
export interface Where {
  /** The number of levels allowed below. */
  readonly depth: number
  /** The number of recursive grammars around. */
  readonly levels: number
  /** Whether recursion can end here. */
  readonly mayRecur: boolean
  /** Whether it may read to the end of the message. */
  readonly mayReachEnd: boolean
  /** Whether it may depend on the protocol. */
  readonly mayAsk: boolean
}

/** Draws a combinator, and its parts with `part`. */
export type Word = (draw: Draw, where: Where, part: (where: Where) => Recipe) => Recipe

export const leaf = (shown: string, grammar: () => unknown): Recipe => ({
  parts: [],
  make: () => grammar() as Untyped,
  show: () => shown,
})

/** Code around parts; each `%` of the text is the next of them. */
export const around = (
  text: string,
  parts: ReadonlyArray<Recipe>,
  make: (...parts: ReadonlyArray<Untyped>) => unknown,
): Recipe => ({
  parts,
  make: (made) => make(...made) as Untyped,
  show: (shown) => {
    let next = 0
    return text.replaceAll('%', () => shown[next++] ?? '%')
  },
})

type More = (where: Where) => Partial<Where>

/** The place of a part: what follows it is not known, by default. */
export const inside = (where: Where, ...more: ReadonlyArray<More>): Where =>
  Object.assign({ ...where, depth: where.depth - 1, mayReachEnd: false }, ...more.map((each) => each(where)))

/** The part ends with the whole. */
export const keepsEnd: More = ({ mayReachEnd }) => ({ mayReachEnd })
/** The end of the part is given by something around it. */
export const ends: More = () => ({ mayReachEnd: true })
/** The part is optional. */
export const endsRecursion: More = ({ levels }) => ({ mayRecur: levels > 0 })
/** A value of the part is needed while the whole is built. */
export const known: More = () => ({ mayRecur: false, levels: 0 })
/** The part is the same under all protocols. */
export const constant: More = () => ({ mayAsk: false })

/** A combinator with one part. */
export const one =
  (text: string, make: (part: Untyped) => unknown, ...more: ReadonlyArray<More>): Word =>
  (_, where, part) =>
    around(text, [part(inside(where, ...more))], (made) => make(made!))

const full = { version: '1.3', features: ['lemon', 'milk'], storeDir: '/nix/store' } as const

/** Any value of a grammar, as code. */
export const anyValue = (grammar: Untyped, seed: number): unknown =>
  fc.sample(toArbitrary(grammar, full, { items: 2 }), { numRuns: 1, seed })[0]
