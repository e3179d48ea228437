import fc from 'fast-check'
import { isRight } from 'fp-ts/lib/Either.js'
import * as G from '../dist/grammar/index.js'
import { compile, type Grammar } from '../dist/index.js'
import { toArbitrary } from '../dist/laws/index.js'

const grammars = [
  G.BasicDerivation,
  G.BuildResult,
  G.KeyedBuildResult,
  G.DerivedPath,
  G.ContentAddress,
  G.ValidPathInfo,
  G.UnkeyedValidPathInfo,
  G.SubstitutablePathInfo,
  G.DerivationOutput,
  G.Realisation,
  G.StorePath,
  G.OptMicroseconds,
  G.OptTrusted,
  G.BuildMode,
  G.ActivityType,
]

/**
 * Runs fifteen other codecs first, both ways, as in a program that uses the whole protocol: a codec alone in a fresh
 * process has call sites that have seen only one shape, and looks faster than in real programs.
 */
export const pollute = (briefly: boolean): void => {
  const [numRuns, turns] = briefly ? [10, 5] : [50, 20]
  for (const grammar of grammars as unknown as readonly Grammar<unknown>[]) {
    const codec = compile(grammar, { version: '1.37' })
    const values = fc.sample(toArbitrary(grammar, { version: '1.37' }), { numRuns, seed: 3 })
    const messages = values.map(codec.encode).flatMap((bytes) => (isRight(bytes) ? [bytes.right] : []))
    for (let turn = 0; turn < turns; turn++) {
      for (const message of messages) {
        codec.decode(message)
      }
      for (const value of values) {
        codec.encode(value)
      }
    }
  }
}
