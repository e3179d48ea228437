import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { entriesOf } from '../combinators/map-entries.js'
import type { Grammar } from '../combinators/node.js'
import { imap } from '../combinators/structures/imap.js'
import { mapOf } from '../combinators/structures/sequence.js'
import type * as T from '../types/index.js'
import { DrvOutputByHash, RealisationByHash, UnkeyedRealisation } from './realisation.js'
import { OutputName } from './store-paths.js'
import { total } from './total.js'

/**
 * A built output: identified by the hash of its derivation, with the JSON text of a realisation, or (feature
 * `realisation-with-path-not-hash`) as a record.
 */
export type BuiltOutput =
  | { readonly _tag: 'Hash'; readonly key: T.DrvOutputByHash; readonly realisation: T.RealisationByHash }
  | ({ readonly _tag: 'Path' } & UnkeyedRealisation)

/** The built outputs, by the output's name. */
export type BuiltOutputs = ReadonlyMap<T.OutputName, BuiltOutput>

/** Records by the output's name; `where`: the protocols that have them. */
export const outputsByName = (where: string): Grammar<BuiltOutputs> =>
  imap(
    mapOf(OutputName, UnkeyedRealisation),
    (outputs): Either<string, BuiltOutputs> =>
      right(new Map([...outputs].map(([name, output]) => [name, { _tag: 'Path', ...output }]))),
    total('a Map of outputs', (outputs: BuiltOutputs) => {
      const records = new Map<T.OutputName, UnkeyedRealisation>()
      for (const [name, output] of entriesOf(outputs)) {
        if (output._tag !== 'Path') {
          return left(`outputs by path (${where})`)
        }
        records.set(name, { outPath: output.outPath, signatures: output.signatures })
      }
      return right(records)
    }),
  )

/** JSON texts by the hash of the derivation and the output's name. */
export const outputsByHash = (where: string): Grammar<BuiltOutputs> =>
  imap(
    mapOf(DrvOutputByHash, RealisationByHash),
    (outputs): Either<string, BuiltOutputs> =>
      right(
        new Map(
          [...outputs].map(([key, realisation]) => [key.outputName, { _tag: 'Hash', key, realisation }]),
        ),
      ),
    total('a Map of outputs', (outputs: BuiltOutputs) => {
      const texts = new Map<T.DrvOutputByHash, T.RealisationByHash>()
      for (const [name, output] of entriesOf(outputs)) {
        if (output._tag !== 'Hash' || output.key.outputName !== name) {
          return left(`outputs by hash, each under its own name (${where})`)
        }
        texts.set(output.key, output.realisation)
      }
      return right(texts)
    }),
  )
