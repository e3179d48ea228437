import type { Grammar, TypeOf } from '../../combinators/node.js'
import { struct } from '../../combinators/structures/struct.js'
import { BuildResult } from '../build-result.js'
import { BasicDerivation } from '../derivation.js'
import { BuildMode } from '../enums.js'
import { StorePath } from '../store-paths.js'
import { operation } from './operation.js'

const Request = struct('BuildDerivationRequest', {
  drvPath: StorePath,
  drv: BasicDerivation,
  mode: BuildMode,
})

/** The request of BuildDerivation. */
export interface BuildDerivationRequest extends TypeOf<typeof Request> {}

const request: Grammar<BuildDerivationRequest> = Request

/**
 * Builds a derivation that is sent along; its inputs must be in the store.
 *
 * Versions: 1.14 and above. Source: operations, BuildDerivation.
 */
export const BuildDerivation = operation({
  id: 36,
  name: 'BuildDerivation',
  summary: 'builds a derivation that need not be in the store',
  since: '1.14',
  request,
  reply: BuildResult,
  connection: 'own',
  trust: 'restricted',
  note: 'Untrusted clients may build content-addressed derivations only.',
})
