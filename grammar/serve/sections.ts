import type { Section } from '../sections.js'
import { ServeBuildOptions } from './build-options.js'
import { ServeBuildResult } from './build-result.js'
import { ServeClientHello, ServeServerHello } from './handshake.js'
import { ServePathInfo } from './path-info.js'
import { ServeDrvOutput, ServeRealisation } from './realisation.js'
import * as requests from './requests.js'

/** All grammars of the serve protocol that the worker protocol does not have, by their names and in sections. */
export const serveSections: ReadonlyArray<Section> = [
  {
    title: 'Serve protocol: handshake',
    grammars: [
      ['ServeClientHello', ServeClientHello],
      ['ServeServerHello', ServeServerHello],
    ],
  },
  {
    title: 'Serve protocol: records',
    grammars: [
      ['ServePaths', requests.ServePaths],
      ['ServePathInfo', ServePathInfo],
      ['ServeBuildOptions', ServeBuildOptions],
      ['ServeBuildResult', ServeBuildResult],
      ['ServeDrvOutput', ServeDrvOutput],
      ['ServeRealisation', ServeRealisation],
      ['ServeDerivedPath', requests.ServeDerivedPath],
    ],
  },
  {
    title: 'Serve protocol: requests',
    grammars: [
      ['ServeQueryValidPathsRequest', requests.ServeQueryValidPathsRequest],
      ['ServeQueryPathInfosRequest', requests.ServeQueryPathInfosRequest],
      ['ServeDumpStorePathRequest', requests.ServeDumpStorePathRequest],
      ['ServeExportPathsRequest', requests.ServeExportPathsRequest],
      ['ServeBuildPathsRequest', requests.ServeBuildPathsRequest],
      ['ServeQueryClosureRequest', requests.ServeQueryClosureRequest],
      ['ServeBuildDerivationRequest', requests.ServeBuildDerivationRequest],
      ['ServeAddToStoreNarRequest', requests.ServeAddToStoreNarRequest],
    ],
  },
]
