import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { type Grammar, named, summarised, type TypeOf } from '../combinators/node.js'
import { text } from '../combinators/primitives/text.js'
import { imap } from '../combinators/structures/imap.js'
import { setOf } from '../combinators/structures/sequence.js'
import { struct } from '../combinators/structures/struct.js'
import * as T from '../types/index.js'
import { realisationWithPath } from './features.js'
import { byProtocol } from './gated.js'
import { OutputName, StorePath } from './store-paths.js'
import { Signature } from './strings.js'
import { total } from './total.js'

const outputByPath = 'a derivation path and an output name (feature realisation-with-path-not-hash)'
const outputByHash = 'a hash and an output name (no feature realisation-with-path-not-hash)'
const realisationByPath = 'a realisation by path (feature realisation-with-path-not-hash)'
const realisationByHash = 'a realisation by hash (no feature realisation-with-path-not-hash)'

const DrvOutputByPath_ = summarised(
  'a derivation by its path, and one of its outputs',
  struct('DrvOutputByPath', { drvPath: StorePath, outputName: OutputName }),
)

/** @internal The text form: `sha256:` and 64 hex digits, `!`, output name. */
export const DrvOutputByHash: Grammar<T.DrvOutputByHash> = text(T.DrvOutputByHash.format)

/**
 * Identifies one output of a derivation. With the feature `realisation-with-path-not-hash` it is two texts, the
 * derivation's store path and the output's name; without it, one text with a hash of the derivation and the name.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { DrvOutput } from 'nix-wire/grammar'
 *
 * const wire = bytesOf(`
 *   3100000000000000 736861313a646133 3961336565356536 6234623064333235
 *   3562666566393536 3031383930616664 3830373039216f75 7400000000000000`)
 * compile(DrvOutput, { version: '1.37' }).decode(wire)
 * // => {
 * //   _tag: 'Right',
 * //   right: {
 * //     _tag: 'Hash',
 * //     algorithm: 'sha1',
 * //     digest: 'da39a3ee5e6b4b0d3255bfef95601890afd80709',
 * //     outputName: 'out',
 * //   },
 * // }
 * ```
 *
 * Versions: 1.27 and above. Issues: those of String, `InvalidText`; encoding: `Unrepresentable` for the form of the
 * other protocol. Source: serialization, DrvOutput, which has the text only.
 */
export const DrvOutput: Grammar<T.DrvOutput> = summarised(
  'one output of one derivation',
  named(
    'DrvOutput',
    byProtocol<T.DrvOutput>(
      [
        [
          realisationWithPath,
          imap(
            DrvOutputByPath_,
            ({ drvPath, outputName }): Either<string, T.DrvOutput> =>
              right({ _tag: 'Path', drvPath, outputName }),
            total(outputByPath, (output: T.DrvOutput) =>
              output._tag === 'Path'
                ? right({ drvPath: output.drvPath, outputName: output.outputName })
                : left(outputByPath),
            ),
          ),
        ],
      ],
      imap(
        DrvOutputByHash,
        (output): Either<string, T.DrvOutput> => right(output),
        total(outputByHash, (output: T.DrvOutput) =>
          output._tag === 'Hash' ? right(output) : left(outputByHash),
        ),
      ),
    ),
  ),
)
export type DrvOutput = T.DrvOutput

const UnkeyedRealisation_ = struct('UnkeyedRealisation', {
  outPath: StorePath,
  signatures: setOf(Signature),
})

/**
 * The store path that an output was built as, and signatures, without the output's identity.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { UnkeyedRealisation } from 'nix-wire/grammar'
 *
 * const wire = bytesOf(`
 *   2f00000000000000 2f6e69782f73746f 72652f6731773768 7933716731773768
 *   7933716731773768 7933716731773768 7933712d666f6f00 0100000000000000
 *   0600000000000000 6b3a41413d3d0000`)
 * compile(UnkeyedRealisation).decode(wire)
 * // => { _tag: 'Right', right: { outPath: '/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo', signatures: ['k:AA=='] } }
 * ```
 *
 * Versions: with the feature `realisation-with-path-not-hash`. Issues: those of its fields. Source: the reference
 * implementation.
 */
export const UnkeyedRealisation: Grammar<UnkeyedRealisation> = summarised(
  'the store path that an output was built as',
  UnkeyedRealisation_,
)
export interface UnkeyedRealisation extends TypeOf<typeof UnkeyedRealisation_> {}

const KeyedRealisation = summarised(
  'an output, and the store path that it was built as',
  struct('KeyedRealisation', { key: DrvOutputByPath_, value: UnkeyedRealisation }),
)

/** @internal The JSON text. */
export const RealisationByHash: Grammar<T.RealisationByHash> = text(T.RealisationByHash.format)

/**
 * The store path that an output was built as. Without the feature `realisation-with-path-not-hash` it is a JSON text,
 * in which `outPath` and `dependentRealisations` are base names of store paths; with it, a {@link DrvOutput} and an
 * {@link UnkeyedRealisation}.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { Realisation } from 'nix-wire/grammar'
 *
 * const wire = bytesOf(`
 *   6b00000000000000 7b226964223a2273 6861313a64613339 6133656535653662
 *   3462306433323535 6266656639353630 3138393061666438 30373039216f7574
 *   222c226f75745061 7468223a22673177 3768793371673177 3768793371673177
 *   3768793371673177 37687933712d666f 6f227d0000000000`)
 * const made = compile(Realisation).decode(wire)
 * made._tag === 'Right' && made.right.outPath // => 'g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo'
 * ```
 *
 * Versions: 1.31 and above. Issues: those of String, `InvalidText`; encoding: `Unrepresentable` for the form of the
 * other protocol. Source: serialization, Realisation, which has full store paths in the JSON.
 */
export const Realisation: Grammar<T.Realisation> = summarised(
  'an output, and the store path that it was built as',
  named(
    'Realisation',
    byProtocol<T.Realisation>(
      [
        [
          realisationWithPath,
          imap(
            KeyedRealisation,
            ({ key, value }): Either<string, T.Realisation> => right({ _tag: 'Path', id: key, ...value }),
            total(realisationByPath, (realisation: T.Realisation) =>
              realisation._tag === 'Path'
                ? right({
                    key: realisation.id,
                    value: { outPath: realisation.outPath, signatures: realisation.signatures },
                  })
                : left(realisationByPath),
            ),
          ),
        ],
      ],
      imap(
        RealisationByHash,
        (realisation): Either<string, T.Realisation> => right(realisation),
        total(realisationByHash, (realisation: T.Realisation) =>
          realisation._tag === 'Hash' ? right(realisation) : left(realisationByHash),
        ),
      ),
    ),
  ),
)
export type Realisation = T.Realisation
