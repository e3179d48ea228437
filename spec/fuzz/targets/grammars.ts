import { shrunk, tryGrammar } from '../../support/random-grammars/fault.js'
import { Draw, plainest, randomRecipe } from '../../support/random-grammars/index.js'
import { type Recipe, shownRecipe } from '../../support/random-grammars/recipe.js'
import { alone, type Target, type Trial } from '../trial.js'

const inBatch = 20

const grammarTrial = (recipe: Recipe, seed: number): Trial => {
  const trial: Trial = {
    what: 'a grammar of random words',
    shown: () => shownRecipe(recipe),
    run: async () => {
      await tryGrammar(recipe, { seed, runs: 4 })
    },
    shrunk: async (fails) =>
      grammarTrial(await shrunk(recipe, plainest, (less) => fails(grammarTrial(less, seed))), seed),
  }
  return trial
}

function* batch(seed: number): Generator<Trial, void> {
  for (let i = 0; i < inBatch; i++) {
    yield grammarTrial(randomRecipe(new Draw(seed + i)), seed + i)
  }
}

export const grammars: Target = {
  name: 'grammars',
  summary:
    'grammars of random words: the laws hold, and JSON, schemas, pages and dissections are as they should be',
  open: alone(batch),
}
