import { type Either, isRight, left } from 'fp-ts/lib/Either.js'
import { isBytes, kindName } from '../bytes/byte-array.js'
import type { Issue } from '../combinators/issue.js'
import type { Limits, Profile } from '../combinators/limits.js'
import { type Grammar, grammarFor, nodeName } from '../combinators/node.js'
import { checkOptions, number, type OptionChecks, usual } from '../combinators/options.js'
import type { Protocol } from '../combinators/protocol.js'
import { compile } from '../interpreters/compile/index.js'
import { toValidator } from '../interpreters/dissect/index.js'
import { GrammarType } from './grammar-type.js'

export interface TypeOptions {
  readonly profile?: Profile
  readonly limits?: Partial<Limits>
  /** The most issues reported for one message. Default: 100. */
  readonly issues?: number
}

const checks: OptionChecks<TypeOptions> = { profile: usual.profile, limits: usual.limits, issues: number }

const noBytes = (grammar: string, input: unknown): Either<ReadonlyArray<Issue>, never> =>
  left([
    {
      _tag: 'InvalidValue',
      offset: 0,
      path: [],
      expected: 'a Uint8Array',
      actual: kindName(input),
      grammar,
    },
  ])

/**
 * A grammar as an io-ts codec between bytes and values, and as a Standard Schema of bytes.
 *
 * ```ts
 * import { bytesOf, struct, u64, utf8 } from 'nix-wire'
 * import { issueReporter, toType } from 'nix-wire/validation'
 *
 * const Tea = toType(struct('Tea', { name: utf8, grams: u64 }))
 *
 * Tea.decode(bytesOf('0300000000000000 636861 0000000000 0700000000000000'))
 * // => { _tag: 'Right', right: { name: 'cha', grams: 7n } }
 *
 * issueReporter.report(Tea.decode(bytesOf('0300000000000000 636861 0000000009 07')))
 * // => [
 * //   'NonZeroPadding at byte 15, name, in utf8: expected a zero byte, got 0x9',
 * //   'UnexpectedEnd at byte 16, grams, in u64: expected 8 bytes, got 1 bytes',
 * // ]
 * ```
 *
 * A message with several issues has an error for each; see `toValidator`. `is` checks whether a value can be encoded.
 *
 * @throws TypeError if the grammar depends on a part of the protocol that is not given; RangeError or TypeError for
 * an invalid protocol, limit or grammar.
 */
export const toType = <A>(
  grammar: Grammar<A>,
  given: Partial<Protocol> = {},
  options: TypeOptions = {},
): GrammarType<A, Uint8Array> => {
  const name = nodeName(grammarFor('toType', grammar).node)
  checkOptions('toType', checks, options)
  const { profile = 'compatible', limits = {} } = options
  const codec = compile(grammar, given, { profile, limits })
  const validate = toValidator(grammar, codec.protocol, options)
  return new GrammarType<A, Uint8Array>({
    name,
    read: (input) => {
      if (!isBytes(input)) {
        return noBytes(name, input)
      }
      const read = codec.decode(input)
      return isRight(read) ? read : validate(input)
    },
    write: codec.encode,
    // Anything but an `A` is an issue.
    is: (value) => isRight(codec.encode(value as A)),
    schema: () => undefined,
  })
}
