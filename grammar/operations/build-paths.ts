import type { Grammar, TypeOf } from '../../combinators/node.js'
import { listOf } from '../../combinators/structures/sequence.js'
import { struct } from '../../combinators/structures/struct.js'
import { since } from '../../types/nix-gates.js'
import { DerivedPath } from '../derived-path.js'
import { BuildMode } from '../enums.js'
import { versioned } from '../gated.js'
import { One, operation } from './operation.js'

const Request = struct('BuildPathsRequest', {
  paths: listOf(DerivedPath),
  mode: versioned(since('1.15'), BuildMode, 'Normal'),
})

/** The request of BuildPaths. */
export interface BuildPathsRequest extends TypeOf<typeof Request> {}

const request: Grammar<BuildPathsRequest> = Request

/**
 * Builds derivations and substitutes paths. What was asked for is a list: order and duplicates are kept.
 *
 * Versions: all; `mode` since 1.15. Source: operations, BuildPaths, which has a set.
 */
export const BuildPaths = operation({
  id: 9,
  name: 'BuildPaths',
  summary: 'builds or substitutes',
  since: '1.2',
  request,
  reply: One,
  connection: 'own',
  trust: 'restricted',
  note: 'Repair is for trusted clients.',
})
