import { literal, type struct } from '../../../combinators/index.js'
import type { Draw } from './draw.js'
import { oddNames, shownObject } from './names.js'
import type { Recipe, Untyped } from './recipe.js'
import { anyValue, constant, inside, keepsEnd, known, type Where } from './word.js'

/** A field: a grammar, or sometimes a constant of it. */
interface Field {
  readonly part: Recipe
  readonly constant: { readonly ignored: boolean; readonly seed: number } | null
}

type Part = (where: Where) => Recipe

export class Fields {
  readonly #fields: ReadonlyArray<Field>

  /** The last of them may read to the end of the message, if the whole may. */
  constructor(draw: Draw, where: Where, part: Part, count: number) {
    this.#fields = Array.from({ length: count }, (_, i): Field => {
      if (draw.below(7) === 0) {
        return {
          part: part(inside(where, known, constant)),
          constant: { ignored: draw.below(2) === 0, seed: draw.below(2 ** 31) },
        }
      }
      return { part: part(i === count - 1 ? inside(where, keepsEnd) : inside(where)), constant: null }
    })
  }

  get parts(): ReadonlyArray<Recipe> {
    return this.#fields.map(({ part }) => part)
  }

  made(parts: ReadonlyArray<Untyped>): ReadonlyArray<Untyped> {
    return this.#fields.map((field, i) => {
      const part = parts[i]!
      // A list of fields accepts both.
      return field.constant === null
        ? part
        : (literal(part, anyValue(part, field.constant.seed), { ignored: field.constant.ignored }) as never)
    })
  }

  shown(parts: ReadonlyArray<string>): ReadonlyArray<string> {
    return this.#fields.map(({ constant: of }, i) =>
      of === null ? parts[i]! : `literal(${parts[i]}, a value${of.ignored ? ', { ignored: true }' : ''})`,
    )
  }
}

/** Fields with names. */
export class Names {
  readonly #keys: ReadonlyArray<string>
  readonly #fields: Fields

  constructor(draw: Draw, where: Where, part: Part, least = 0) {
    this.#keys = draw.some(oddNames, least, 3)
    this.#fields = new Fields(draw, where, part, this.#keys.length)
  }

  get parts(): ReadonlyArray<Recipe> {
    return this.#fields.parts
  }

  made(parts: ReadonlyArray<Untyped>): Parameters<typeof struct>[1] {
    const made = this.#fields.made(parts)
    return Object.fromEntries(this.#keys.map((key, i) => [key, made[i]!]))
  }

  shown(parts: ReadonlyArray<string>): string {
    const shown = this.#fields.shown(parts)
    return shownObject(this.#keys.map((key, i) => [key, shown[i]!]))
  }
}
