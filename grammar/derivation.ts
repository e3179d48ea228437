import { type Grammar, named, summarised, type TypeOf } from '../combinators/node.js'
import { text } from '../combinators/primitives/text.js'
import { imap } from '../combinators/structures/imap.js'
import { optional } from '../combinators/structures/optional.js'
import { listOf, mapOf, setOf } from '../combinators/structures/sequence.js'
import { struct } from '../combinators/structures/struct.js'
import { nearestOutputTexts } from '../types/derivation-output.js'
import * as T from '../types/index.js'
import { OutputName, StorePath } from './store-paths.js'
import { Text } from './strings.js'
import { total } from './total.js'

/**
 * An output of a derivation: three texts on the wire, of which five combinations have a meaning.
 *
 * | | path | hashAlgo | hash |
 * | --- | --- | --- | --- |
 * | InputAddressed | store path | | |
 * | CAFixed | store path | method and algorithm | base16 digest |
 * | CAFloating | | method and algorithm | |
 * | Deferred | | | |
 * | Impure | | method and algorithm | `impure` |
 *
 * The prefixes of the methods are `r:` (NAR), `git:`, `text:` and none (flat), unlike those of a content address. The
 * path is not cleaned up, in either profile. Recent releases of Nix also require the path of a CAFixed output to
 * follow from its digest and the name of the derivation; `withFixedPaths` of nix-wire/store checks that.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { DerivationOutput } from 'nix-wire/grammar'
 *
 * compile(DerivationOutput).decode(bytesOf(`
 *   0000000000000000
 *   0800000000000000 723a736861323536
 *   0000000000000000`))
 * // => { _tag: 'Right', right: { _tag: 'CAFloating', method: 'NixArchive', algorithm: 'sha256' } }
 * ```
 *
 * Versions: 1.14 and above (BuildDerivation). Issues: those of its texts, `InvalidValue` for another combination.
 * Source: serialization, DerivationOutput, which has the prefixes of a content address and no `impure`.
 */
export const DerivationOutput: Grammar<T.DerivationOutput> = summarised(
  'an output of a derivation',
  named(
    'DerivationOutput',
    imap(
      struct('DerivationOutput', {
        path: named('OptStorePath', optional(text(T.StrictStorePath.format))),
        hashAlgo: named('OptDerivationOutputMethod', optional(text(T.DerivationOutputMethod.format))),
        hash: named('OptDerivationOutputHash', optional(text(T.DerivationOutputHash.format))),
      }),
      T.derivationOutputFromTexts,
      total('an output of a derivation', T.derivationOutputToTexts),
      { nearest: nearestOutputTexts },
    ),
  ),
)
export type DerivationOutput = T.DerivationOutput

const BasicDerivation_ = struct('BasicDerivation', {
  outputs: mapOf(OutputName, DerivationOutput, { duplicates: 'first' }),
  inputSrcs: setOf(StorePath),
  platform: Text,
  builder: Text,
  args: listOf(Text),
  env: mapOf(Text, Text),
})

/**
 * A derivation without its input derivations. Its name is not sent, since it is part of the path. Structured
 * attributes are sent as the variable `__json`.
 *
 * Of two outputs with the same name the first counts, of two variables the last, as in the reference implementation.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { BasicDerivation } from 'nix-wire/grammar'
 *
 * compile(BasicDerivation).decode(new Uint8Array(48))
 * // => {
 * //   _tag: 'Right',
 * //   right: { outputs: new Map(), inputSrcs: [], platform: '', builder: '', args: [], env: new Map() },
 * // }
 * ```
 *
 * Versions: 1.14 and above (BuildDerivation). Issues: those of its fields. Source: serialization, BasicDerivation.
 */
export const BasicDerivation: Grammar<BasicDerivation> = summarised(
  'a derivation without its input derivations',
  BasicDerivation_,
)
export interface BasicDerivation extends TypeOf<typeof BasicDerivation_> {}
