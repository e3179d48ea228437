import { none, some } from 'fp-ts/lib/Option.js'
import { holds, since } from '../combinators/gate.js'
import type { Protocol } from '../combinators/protocol.js'
import type { ProtocolVersion } from '../combinators/version.js'
import type { ServeSettings } from '../conversation/server/options.js'
import type { ClientHandshakeInfo } from '../grammar/client-handshake-info.js'
import { oldestVersion } from '../grammar/negotiation.js'
import type { OperationTable } from '../grammar/operations/table.js'
import { messageLimitOfHandshake } from '../session/handshake-limit.js'
import { newestVersion, nixProtocol } from '../types/nix-protocol.js'
import { saidDeparture, saidFailure } from './server-errors.js'
import { expectVersion, servedIssue } from './server-issues.js'
import type { ServeOptions } from './server-options.js'
import { timesOf } from './server-times.js'

type Given = Omit<ServeOptions<OperationTable>, 'operations'>

const defaultFeatures: ReadonlyArray<string> = [
  'delete-dead-specific-referrers',
  'realisation-with-path-not-hash',
]

/** The messages of a server before the operations. */
export const wordsOf = ({
  newest = newestVersion,
  features = defaultFeatures,
  nixVersion = 'nix-wire',
  trusted = false,
}: Given) => ({
  hello: { version: newest },
  daemonFeatures: [...features].sort(),
  info: (_: unknown, agreed: Protocol): ClientHandshakeInfo => ({
    daemonNixVersion: some(nixVersion),
    remoteTrustsUs: holds(since('1.35'), agreed) ? some(trusted ? 'Trusted' : 'NotTrusted') : none,
  }),
})

/** The settings of a conversation for a daemon. */
export const settingsOf = (options: Given, over: AbortController): ServeSettings => {
  const { storeDir, limits, profile, newest = newestVersion, oldest = oldestVersion, signal } = options
  const times = timesOf(options)
  return {
    protocol: nixProtocol(storeDir === undefined ? {} : { storeDir }),
    ...(limits === undefined ? {} : { limits }),
    ...(profile === undefined ? {} : { profile }),
    ...(signal === undefined ? {} : { signal }),
    openingMessage: messageLimitOfHandshake(limits),
    openingTimeout: times.handshake,
    turnTimeout: times.request,
    timeout: times.idle,
    names: { opening: 'a handshake', turn: 'a request' },
    hears: (key, value) => {
      if (key === 'version') {
        expectVersion(value as ProtocolVersion, { newest, oldest })
      }
    },
    failure: saidFailure,
    departs: saidDeparture,
    explain: servedIssue,
    over,
  }
}
