/**
 * The serve protocol of `nix-store --serve` and of `ssh://` stores: versions 2.1 to 2.8. It is not the daemon
 * protocol: its versions are different ones, and `compile` throws for a version of the wrong protocol. Grammars that
 * both protocols use are in `nix-wire/grammar`.
 *
 * Versions that cannot agree are an `Either`; a connection is a `TaskEither`, and a server a promise of an `Either`.
 *
 * @module nix-wire/serve
 */

export { ServeBuildOptions } from '../grammar/serve/build-options.js'
export { ServeBuildResult } from '../grammar/serve/build-result.js'
export { ServeClientHello, ServeServerHello } from '../grammar/serve/handshake.js'
export { ServePathInfo } from '../grammar/serve/path-info.js'
export { negotiateServe, newestServeVersion } from '../grammar/serve/protocol.js'
export { ServeDrvOutput, ServeRealisation } from '../grammar/serve/realisation.js'
export {
  ServeAddToStoreNarRequest,
  ServeBuildDerivationRequest,
  ServeBuildPathsRequest,
  ServeDerivedPath,
  ServeDumpStorePathRequest,
  ServeExportPathsRequest,
  ServePaths,
  ServeQueryClosureRequest,
  ServeQueryPathInfosRequest,
  ServeQueryValidPathsRequest,
} from '../grammar/serve/requests.js'
export { serveSections } from '../grammar/serve/sections.js'
export { connectServe, type ServeClient, type ServeClientOptions } from './client.js'
export { serveProtocol } from './flow.js'
export { type PathInfosSaid, pathInfosOf, sayPathInfos } from './path-infos.js'
export { type ServeHandlers, type ServeStoreOptions, serveStore } from './server.js'
