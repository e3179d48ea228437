import type { AnyGrammar } from '../../combinators/node.js'
import { DeterminateBuildResult, DeterminateKeyedBuildResult } from '../build-result.js'
import { determinateOperations } from './dialects.js'

const { AddToStore, AddToStoreNar, AddToStoreScanning, AddTempRoots, QueryPathInfo, QueryPathInfos } =
  determinateOperations

/** The messages that Determinate Nix has and Nix lacks, or has in another form. */
export const determinateMessages: ReadonlyArray<readonly [name: string, grammar: AnyGrammar]> = [
  ['PathInfoWithProvenance', AddToStoreScanning.reply],
  ['DeterminateBuildResult', DeterminateBuildResult],
  ['DeterminateKeyedBuildResult', DeterminateKeyedBuildResult],
  ['AddToStoreRequestWithProvenance', AddToStore.request],
  ['AddToStoreReplyWithProvenance', AddToStore.reply],
  ['QueryPathInfoReplyWithProvenance', QueryPathInfo.reply],
  ['AddToStoreNarRequestWithProvenance', AddToStoreNar.request],
  ['AddTempRootsRequest', AddTempRoots.request],
  ['QueryPathInfosRequest', QueryPathInfos.request],
]
