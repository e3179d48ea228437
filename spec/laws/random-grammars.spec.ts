import { expect } from 'chai'
import { map } from 'fp-ts/lib/Either.js'
import { compile } from '../../index.js'
import type { SubjectOf } from '../../laws/index.js'
import { grammarWords } from '../support/grammar-words.js'
import { shrunk, tryGrammar } from '../support/random-grammars/fault.js'
import { Draw, plainest, randomRecipe } from '../support/random-grammars/index.js'
import { type Recipe, shownRecipe } from '../support/random-grammars/recipe.js'

const seeds = (from: number, count: number): ReadonlyArray<number> =>
  Array.from({ length: count }, (_, i) => from + i)

const recipeOf = (seed: number): Recipe => randomRecipe(new Draw(seed))

const messageOf = async (
  recipe: Recipe,
  seed: number,
  subject?: SubjectOf<unknown>,
): Promise<string | null> => {
  try {
    await tryGrammar(recipe, { seed, runs: 3, ...(subject === undefined ? {} : { subject }) })
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** A decoder that takes negative integers for none. */
const withoutSign = (value: unknown): unknown => {
  if (Array.isArray(value)) {
    return value.map(withoutSign)
  }
  return typeof value === 'bigint' && value < 0n ? null : value
}

/** What is wrong, with the smallest grammar for it. */
const faultOf = async (seed: number, subject?: SubjectOf<unknown>): Promise<string | null> => {
  const recipe = recipeOf(seed)
  if ((await messageOf(recipe, seed, subject)) === null) {
    return null
  }
  const least = await shrunk(
    recipe,
    plainest,
    async (less) => (await messageOf(less, seed, subject)) !== null,
  )
  return `${shownRecipe(least)} (seed ${seed}): ${await messageOf(least, seed, subject)}`
}

// `npm run fuzz -- --only grammars` tries more.
describe('grammars of random combinators', () => {
  for (const from of seeds(0, 5).map((i) => 1000 * i)) {
    it(`obey the laws and work in every interpreter: seeds from ${from} on`, async () => {
      for (const seed of seeds(from, 20)) {
        expect(await faultOf(seed)).to.equal(null)
      }
    })
  }

  it('are the same for the same seed, and others for another', () => {
    const shown = seeds(0, 100).map((seed) => shownRecipe(recipeOf(seed)))
    expect(seeds(0, 100).map((seed) => shownRecipe(recipeOf(seed)))).to.deep.equal(shown)
    expect(new Set(shown).size).to.be.greaterThan(80)
  })

  it('contain every combinator', () => {
    const shown = seeds(0, 1000)
      .map((seed) => shownRecipe(recipeOf(seed)))
      .join('\n')
    for (const word of grammarWords) {
      expect(shown, word).to.match(new RegExp(`\\b${word}\\b`))
    }
    for (const gate of ['or above', 'below', 'feature', 'not', 'and', 'or']) {
      expect(shown).to.contain(` ${gate} `)
    }
  })

  it('find a fault, and shrink it', async () => {
    const flawed: SubjectOf<unknown> = (grammar, given, settings) => {
      const codec = compile(grammar, given, settings)
      return { ...codec, decode: (bytes) => map(withoutSign)(codec.decode(bytes)) }
    }
    const found: Array<string> = []
    for (const seed of seeds(0, 60)) {
      const fault = found.length === 0 ? await faultOf(seed, flawed) : null
      found.push(...(fault === null ? [] : [fault]))
    }
    expect(found[0]).to.match(/^(i64|tuple\(i64\)|listOf\(i64\)|listToEnd\(i64\)) \(seed [0-9]+\): /)
  })
})
