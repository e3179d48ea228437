import { none, some } from 'fp-ts/lib/Option.js'
import type { ExportInfo } from '../../grammar/export.js'
import type { ValidPathInfo } from '../../grammar/path-info.js'
import { NARHash, StorePath } from '../../types/index.js'
import { rightOf } from './either.js'

const storePath = (name: string): StorePath =>
  rightOf(StorePath.make(`/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-${name}`))

export const exportInfo: ExportInfo = {
  path: storePath('foo'),
  references: [storePath('bar'), storePath('foo')],
  deriver: some(storePath('foo.drv')),
}

export const pathInfo = (narSize: bigint): ValidPathInfo => ({
  path: storePath('foo'),
  info: {
    deriver: none,
    narHash: rightOf(NARHash.make('15e3c560894cbb27085cf65b5a2ecb18488c999497f4531b6907a7581ce6d527')),
    references: [storePath('bar')],
    registrationTime: 7n,
    narSize,
    ultimate: true,
    signatures: [],
    ca: none,
  },
})
