export type { AddToStoreReply, AddToStoreRequest } from './add-to-store.js'
export type { CollectGarbageReply, CollectGarbageRequest } from './collect-garbage.js'
export {
  AddedPathInfo,
  builderRpcOperations,
  builderRpcProtocol,
  determinateOperations,
  lixOperations,
  lixVersion,
  type PathInfoWithProvenance,
  type UnkeyedPathInfoWithProvenance,
} from './dialects.js'
export type { Root } from './find-roots.js'
export {
  type AnyOperation,
  type DownloadStream,
  type ErrorMeaning,
  hasReply,
  type NoArguments,
  Nothing,
  One,
  type Operation,
  type OperationEssentials,
  operation,
  type PathRequest,
  type Stream,
  type StreamContent,
  streamOf,
  type Trust,
  takesNoArguments,
  type UnreadSince,
  type UploadStream,
} from './operation.js'
export type { QueryMissingReply } from './query-missing.js'
export type { FoundRealisation } from './query-realisation.js'
export type { RealisationByName, RegisteredRealisation } from './register-drv-output.js'
export type { SetOptionsRequest } from './set-options.js'
export {
  type OperationName,
  type OperationTable,
  operationById,
  operations,
  operationsOf,
  type ReplyOf,
  type RequestOf,
} from './table.js'
