import { expect } from 'chai'
import { right } from 'fp-ts/lib/Either.js'
import { none } from 'fp-ts/lib/Option.js'
import { type Grammar, hexOf, type Protocol, type ProtocolVersion } from '../../../combinators/index.js'
import { compile } from '../../../interpreters/index.js'
import type * as T from '../../../types/index.js'
import { sha256, storePath } from '../../support/edge-values.js'
import { issueOf, rightOf } from '../../support/either.js'
import { concat, int, padded } from '../../support/wire.js'

export const path = storePath('x')
export const other = storePath('y')
export const out = 'out' as string as T.OutputName

export const at = (version: ProtocolVersion, ...features: ReadonlyArray<string>): Partial<Protocol> => ({
  version,
  features,
})

/** The value has these bytes, and they have this value. */
export const same = <A>(
  grammar: Grammar<A>,
  given: Partial<Protocol>,
  value: NoInfer<A>,
  ...parts: ReadonlyArray<Uint8Array>
) => {
  for (const profile of ['compatible', 'canonical'] as const) {
    const codec = compile(grammar, given, { profile })
    expect(hexOf(rightOf(codec.encode(value)))).to.equal(hexOf(concat(...parts)))
    expect(codec.decode(concat(...parts))).to.deep.equal(right(value))
  }
}

/** The bytes are read as this value, which is written otherwise. */
export const readAs = <A>(
  grammar: Grammar<A>,
  given: Partial<Protocol>,
  value: NoInfer<A>,
  ...parts: ReadonlyArray<Uint8Array>
) => {
  const bytes = concat(...parts)
  expect(compile(grammar, given).decode(bytes)).to.deep.equal(right(value))
  expect(compile(grammar, given, { profile: 'canonical' }).decode(bytes)._tag).to.equal('Left')
}

export const unwritable = <A>(grammar: Grammar<A>, given: Partial<Protocol>, value: NoInfer<A>) => {
  expect(issueOf(compile(grammar, given).encode(value))._tag).to.equal('Unrepresentable')
}

/** A path info of which little is known, and its bytes since 1.16. */
export const info = {
  deriver: none,
  narHash: sha256 as string as T.NARHash,
  references: [],
  registrationTime: 0n,
  narSize: 7n,
  ultimate: false,
  signatures: [],
  ca: none,
}
export const infoBytes = concat(padded(''), padded(sha256), ...[0, 0, 7, 0, 0].map(int), padded(''))
