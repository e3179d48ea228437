import { isLeft, left, right } from 'fp-ts/lib/Either.js'
import type { AnyGrammar } from '../../combinators/node.js'
import { endOfFlow } from '../../conversation/delimiter.js'
import { builtLater } from '../../conversation/flow.js'
import { agree } from '../../conversation/kinds/agree.js'
import { atOnce } from '../../conversation/kinds/at-once.js'
import { blob } from '../../conversation/kinds/blob.js'
import { branch } from '../../conversation/kinds/branch.js'
import { conversation } from '../../conversation/kinds/conversation.js'
import { noted } from '../../conversation/kinds/labels.js'
import { again, loop } from '../../conversation/kinds/loop.js'
import { says } from '../../conversation/kinds/says.js'
import { nothing, sequence } from '../../conversation/kinds/sequence.js'
import { turns } from '../../conversation/kinds/turns.js'
import type { Side } from '../../conversation/node.js'
import { type Contents, contentOf } from '../conversation/contents.js'
import { Int, ProtocolVersion } from '../integers.js'
import { narSizeRule } from '../nar-size.js'
import { Nothing, One } from '../operations/operation.js'
import { OptStorePath } from '../store-paths.js'
import { Text } from '../strings.js'
import { ServeBuildResult } from './build-result.js'
import { ServeClientMagic, ServeServerHello } from './handshake.js'
import { ServePathInfo } from './path-info.js'
import { negotiateServe, newestServeVersion, since } from './protocol.js'
import * as requests from './requests.js'

const versions = { version: ProtocolVersion, hello: ServeServerHello }

/** How a connection of the serve protocol begins. */
export const serveHandshake = builtLater(() =>
  conversation(
    'serve handshake',
    sequence(
      says('client', 'magic', ServeClientMagic),
      noted(
        'a server answers to the magic, and clients do not wait for that',
        atOnce(says('client', 'version', ProtocolVersion), says('server', 'hello', ServeServerHello)),
      ),
      agree('client version', versions, 'client', ({ version }) => {
        const agreed = negotiateServe(newestServeVersion, version)
        return isLeft(agreed) ? agreed : right({})
      }),
      noted(
        'the lower of the two; both sides reject another major version than 2',
        agree('version', versions, 'server', ({ version, hello }) => {
          const agreed = negotiateServe(version, hello.version)
          return isLeft(agreed) ? agreed : right({ version: agreed.right, features: [] })
        }),
      ),
    ),
  ),
)

const asked = <G extends AnyGrammar>(request: G) => says('client', 'request', request)

const infos = builtLater(() =>
  loop(
    'infos',
    sequence(
      noted(
        'the empty text is the end; paths that the server does not have are left out',
        says('server', 'path', OptStorePath),
      ),
      branch('path._tag', {
        Some: sequence(says('server', 'info', ServePathInfo), again('infos')),
        None: nothing,
      }),
    ),
  ),
)

/** The commands of a client, by number. */
const commandsOf = (contents: Contents) => {
  const exported = <const D extends Side>(side: D) =>
    endOfFlow(
      'ImportPaths',
      side,
      contentOf({ content: 'ImportPaths', request: Nothing }, side, 'nar', contents),
    )
  return {
    QueryValidPaths: [
      1,
      sequence(asked(requests.ServeQueryValidPathsRequest), says('server', 'reply', requests.ServePaths)),
    ],
    QueryPathInfos: [2, sequence(asked(requests.ServeQueryPathInfosRequest), infos)],
    DumpStorePath: [
      3,
      sequence(asked(requests.ServeDumpStorePathRequest), blob('server', 'download', contents.archive)),
    ],
    ImportPaths: [4, sequence(blob('client', 'upload', exported('client')), says('server', 'reply', One))],
    ExportPaths: [
      5,
      noted(
        'servers of Nix 2.32 and newer do not have it',
        sequence(asked(requests.ServeExportPathsRequest), blob('server', 'download', exported('server'))),
      ),
    ],
    BuildPaths: [
      6,
      sequence(
        asked(requests.ServeBuildPathsRequest),
        noted('the exit status of a build; if it is not 0, a message follows', says('server', 'status', Int)),
        branch('status', { done: [0, nothing] }, says('server', 'message', Text)),
      ),
    ],
    QueryClosure: [
      7,
      sequence(asked(requests.ServeQueryClosureRequest), says('server', 'reply', requests.ServePaths)),
    ],
    BuildDerivation: [
      8,
      sequence(asked(requests.ServeBuildDerivationRequest), says('server', 'reply', ServeBuildResult)),
    ],
    AddToStoreNar: [
      9,
      sequence(
        asked(requests.ServeAddToStoreNarRequest),
        blob('client', 'upload', contents.archive),
        noted(
          'the archive has as many bytes as the request announces',
          agree(
            'narSize',
            { request: requests.ServeAddToStoreNarRequest, upload: 'size' },
            'client',
            ({ request: { narSize }, upload }) =>
              narSize === BigInt(upload) ? right({}) : left(narSizeRule(narSize)),
          ),
        ),
        says('server', 'reply', One),
      ),
      since('2.5'),
    ],
  } as const
}

/** The commands of a client, turn by turn. */
export const serveCommands = (contents: Contents) =>
  noted(
    'a server that cannot answer closes, and writes the reason to its stderr',
    turns('commands', says('client', 'command', Int), commandsOf(contents)),
  )

/**
 * The conversation of a client and `nix-store --serve`: the handshake, and then commands, turn by turn. There is no
 * log: a server prints messages on its stderr, and closes after an error.
 *
 * @throws TypeError for invalid contents.
 */
export const serveOf = (contents: Contents) =>
  conversation('serve', sequence(serveHandshake, serveCommands(contents)))
