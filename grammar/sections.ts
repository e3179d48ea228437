import type { AnyGrammar } from '../combinators/node.js'
import * as addMultipleToStore from './add-multiple-to-store.js'
import * as buildResult from './build-result.js'
import * as clientHandshakeInfo from './client-handshake-info.js'
import * as contentAddress from './content-address.js'
import * as derivation from './derivation.js'
import * as derivedPath from './derived-path.js'
import * as enums from './enums.js'
import * as error from './error.js'
import * as exports from './export.js'
import * as field from './field.js'
import * as gcPaths from './gc-paths.js'
import * as handshake from './handshake.js'
import * as integers from './integers.js'
import * as logging from './logging.js'
import * as nar from './nar.js'
import * as nario from './nario.js'
import { determinateMessages } from './operations/dialect-messages.js'
import { replies, requests } from './operations/messages.js'
import * as pathInfo from './path-info.js'
import * as primitives from './primitives.js'
import * as realisation from './realisation.js'
import * as singleDerivedPath from './single-derived-path.js'
import * as storePaths from './store-paths.js'
import * as strings from './strings.js'

/** A section of the specification, with its grammars in its order. */
export interface Section {
  readonly title: string
  readonly grammars: ReadonlyArray<readonly [name: string, grammar: AnyGrammar]>
}

/** All grammars of the protocol, by their names and in sections, for lists and pages. */
export const sections: ReadonlyArray<Section> = [
  {
    title: 'Primitives',
    grammars: [
      ['UInt64', primitives.UInt64],
      ['Bytes', primitives.Bytes],
    ],
  },
  {
    title: 'Integers',
    grammars: [
      ['Int', integers.Int],
      ['Int64', integers.Int64],
      ['UInt8', integers.UInt8],
      ['Size', integers.Size],
      ['Time', integers.Time],
      ['Bool', integers.Bool],
      ['Bool64', integers.Bool64],
      ['ProtocolVersion', integers.ProtocolVersion],
    ],
  },
  {
    title: 'Enumerations',
    grammars: [
      ['FileIngestionMethod', enums.FileIngestionMethod],
      ['BuildMode', enums.BuildMode],
      ['Verbosity', enums.Verbosity],
      ['GCAction', enums.GCAction],
      ['BuildStatus', enums.BuildStatus],
      ['ActivityType', enums.ActivityType],
      ['ResultType', enums.ResultType],
      ['FieldType', enums.FieldType],
      ['OptTrusted', enums.OptTrusted],
    ],
  },
  {
    title: 'Texts',
    grammars: [
      ['String', strings.String],
      ['Text', strings.Text],
      ['Path', strings.Path],
      ['NARHash', strings.NARHash],
      ['Signature', strings.Signature],
      ['HashAlgorithm', strings.HashAlgorithm],
      ['HashDigest', strings.HashDigest],
      ['OptHashDigest', strings.OptHashDigest],
    ],
  },
  {
    title: 'Store paths',
    grammars: [
      ['StorePath', storePaths.StorePath],
      ['BaseStorePath', storePaths.BaseStorePath],
      ['StorePathName', storePaths.StorePathName],
      ['StorePathHash', storePaths.StorePathHash],
      ['OutputName', storePaths.OutputName],
      ['OptStorePath', storePaths.OptStorePath],
    ],
  },
  {
    title: 'Content addresses',
    grammars: [
      ['ContentAddressMethodWithAlgo', contentAddress.ContentAddressMethodWithAlgo],
      ['OptContentAddressMethodWithAlgo', contentAddress.OptContentAddressMethodWithAlgo],
      ['ContentAddress', contentAddress.ContentAddress],
      ['OptContentAddress', contentAddress.OptContentAddress],
    ],
  },
  {
    title: 'Derived paths',
    grammars: [
      ['DerivedPath', derivedPath.DerivedPath],
      ['SingleDerivedPath', singleDerivedPath.SingleDerivedPath],
    ],
  },
  {
    title: 'Realisations',
    grammars: [
      ['DrvOutput', realisation.DrvOutput],
      ['UnkeyedRealisation', realisation.UnkeyedRealisation],
      ['Realisation', realisation.Realisation],
    ],
  },
  {
    title: 'Build results',
    grammars: [
      ['OptMicroseconds', buildResult.OptMicroseconds],
      ['BuildResult', buildResult.BuildResult],
      ['KeyedBuildResult', buildResult.KeyedBuildResult],
    ],
  },
  {
    title: 'Path infos',
    grammars: [
      ['SubstitutablePathInfo', pathInfo.SubstitutablePathInfo],
      ['UnkeyedValidPathInfo', pathInfo.UnkeyedValidPathInfo],
      ['ValidPathInfo', pathInfo.ValidPathInfo],
    ],
  },
  {
    title: 'Derivations',
    grammars: [
      ['DerivationOutput', derivation.DerivationOutput],
      ['BasicDerivation', derivation.BasicDerivation],
    ],
  },
  {
    title: 'Errors',
    grammars: [
      ['TraceLine', error.TraceLine],
      ['Error', error.Error],
    ],
  },
  {
    title: 'Log fields',
    grammars: [['Field', field.Field]],
  },
  {
    title: 'Archives and streams',
    grammars: [
      ['NarNode', nar.NarNode],
      ['Nar', nar.Nar],
      ['AddMultipleInfo', addMultipleToStore.AddMultipleInfo],
      ['AddMultipleItem', addMultipleToStore.AddMultipleItem],
      ['AddMultipleToStore', addMultipleToStore.AddMultipleToStore],
      ['ExportInfo', exports.ExportInfo],
      ['ExportPath', exports.ExportPath],
      ['ImportPaths', exports.ImportPaths],
    ],
  },
  {
    title: 'Handshake',
    grammars: [
      ['ClientHello', handshake.ClientHello],
      ['ServerHello', handshake.ServerHello],
      ['FeatureList', handshake.FeatureList],
      ['CpuAffinityFlag', handshake.CpuAffinityFlag],
      ['CpuAffinity', handshake.CpuAffinity],
      ['ReserveSpace', handshake.ReserveSpace],
      ['ClientHandshakeInfo', clientHandshakeInfo.ClientHandshakeInfo],
    ],
  },
  {
    title: 'Logging',
    grammars: [
      ['LogFields', logging.LogFields],
      ['LogMessage', logging.LogMessage],
    ],
  },
  {
    title: 'Garbage collection',
    grammars: [
      ['SpecificPaths', gcPaths.SpecificPaths],
      ['GCPaths', gcPaths.GCPaths],
    ],
  },
  {
    title: 'Determinate Nix',
    grammars: [
      ['DeterminateBuildStatus', enums.DeterminateBuildStatus],
      ['DeterminateResultType', enums.DeterminateResultType],
      ['NarioInfo', nario.NarioInfo],
      ['NarioPath', nario.NarioPath],
      ['Nario', nario.Nario],
      ...determinateMessages,
    ],
  },
  { title: 'Requests', grammars: requests },
  { title: 'Replies', grammars: replies },
]
