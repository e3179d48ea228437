import type { Grammar, TypeOf } from '../../combinators/node.js'
import { listOf } from '../../combinators/structures/sequence.js'
import { struct } from '../../combinators/structures/struct.js'
import { KeyedBuildResult } from '../build-result.js'
import { DerivedPath } from '../derived-path.js'
import { BuildMode } from '../enums.js'
import { operation } from './operation.js'

const Request = struct('BuildPathsWithResultsRequest', { paths: listOf(DerivedPath), mode: BuildMode })

/** The request of BuildPathsWithResults. */
export interface BuildPathsWithResultsRequest extends TypeOf<typeof Request> {}

const request: Grammar<BuildPathsWithResultsRequest> = Request

/**
 * Builds derivations and substitutes paths, and tells of each how it ended: a build that failed is no error here.
 *
 * Versions: 1.34 and above. Source: operations, BuildPathsWithResults.
 */
export const BuildPathsWithResults = operation({
  id: 46,
  name: 'BuildPathsWithResults',
  summary: 'builds or substitutes, and returns the result of each',
  since: '1.34',
  request,
  reply: listOf(KeyedBuildResult),
  connection: 'own',
  trust: 'restricted',
  note: 'Repair is for trusted clients.',
})
