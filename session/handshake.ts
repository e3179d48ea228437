import { isLeft } from 'fp-ts/lib/Either.js'
import { none, some } from 'fp-ts/lib/Option.js'
import { since } from '../combinators/gate.js'
import { versioned } from '../combinators/structures/gated.js'
import { refine } from '../combinators/structures/imap.js'
import { optionalByTag } from '../combinators/structures/optional.js'
import { struct } from '../combinators/structures/struct.js'
import { type ProtocolVersion, versionBits } from '../combinators/version.js'
import type { Feed } from '../conversation/machine/feed.js'
import { Break, beneath, orBreak, settled, type Talk } from '../conversation/machine/talk.js'
import { ClientHandshakeInfo } from '../grammar/client-handshake-info.js'
import {
  ClientHello,
  CpuAffinity,
  CpuAffinityFlag,
  FeatureList,
  ReserveSpace,
  ServerHello,
} from '../grammar/handshake.js'
import { Int } from '../grammar/integers.js'
import {
  acceptClient,
  acceptServer,
  type HandshakeRefusal,
  isRefusedByItself,
  negotiateFeatures,
  negotiateVersion,
  oldestVersion,
  showHandshakeRefusal,
} from '../grammar/negotiation.js'
import type { Conversation } from './conversation.js'
import { dialectOf } from './dialect.js'
import type { HandshakeEvent } from './events.js'
import { emptyLog, type Log, readLog } from './logs.js'

/** Reads the handshake, in the order in which the two sides must have spoken; false where it ended in an error. */
export function* readHandshake(talk: Conversation): Talk<boolean> {
  talk.during = some('the handshake')
  const proceeds = yield* beneath(['handshake'], steps(talk))
  talk.greeted()
  return proceeds
}

// What each side says behind its hello, as one value: a guess tries other versions on it.
const ClientRest = struct('ClientRest', {
  features: FeatureList,
  cpuAffinity: versioned(since('1.14'), optionalByTag(Int, CpuAffinity), none),
  reserveSpace: refine(ReserveSpace, '0', (value) => value === 0),
})
const DaemonRest = struct('DaemonRest', { features: FeatureList, info: ClientHandshakeInfo })

/** What is known of a handshake when both versions are. */
class Greeting {
  clientFeatures: ReadonlyArray<string> = []
  serverFeatures: ReadonlyArray<string> = []
  features: ReadonlyArray<string> = []
  versionTwice = false
  daemonNixVersion: HandshakeEvent['daemonNixVersion'] = none
  trust: HandshakeEvent['trust'] = none
  readonly clientVersion: ProtocolVersion
  readonly serverVersion: ProtocolVersion
  readonly version: ProtocolVersion

  constructor(clientVersion: ProtocolVersion, serverVersion: ProtocolVersion) {
    this.clientVersion = clientVersion
    this.serverVersion = serverVersion
    this.version = negotiateVersion(clientVersion, serverVersion)
  }
}

const end = (talk: Conversation, greeting: Greeting, log: Log, unfinished: boolean): void => {
  talk.giveUp = () => {}
  talk.emit({
    kind: 'handshake',
    ...greeting,
    dialect: dialectOf(greeting),
    log: log.messages,
    error: log.error,
    unfinished,
    ...talk.account(),
  })
}

function* steps(talk: Conversation): Talk<boolean> {
  const { client, server } = talk
  const greeting = yield* readHellos(talk)
  const { clientVersion, version } = greeting
  const log = emptyLog()
  talk.giveUp = () => end(talk, greeting, log, true)
  checkVersions(talk, greeting)
  talk.agree({ version })

  talk.clientTrail.begin('greeting', ClientRest, client.offset, talk.during)
  talk.serverTrail.begin('greeting', DaemonRest, server.offset, talk.during)
  greeting.clientFeatures = yield* beneath(['features'], talk.read(client, FeatureList))
  greeting.serverFeatures = yield* beneath(['features'], talk.read(server, FeatureList))
  greeting.features = negotiateFeatures(greeting.clientFeatures, greeting.serverFeatures)
  talk.agree({ features: greeting.features })

  const flag = yield* beneath(['cpuAffinityFlag'], talk.read(client, CpuAffinityFlag))
  greeting.versionTwice = flag === versionBits(clientVersion)
  if (flag !== 0) {
    yield* beneath(['cpuAffinity'], talk.read(client, CpuAffinity))
  }
  yield* beneath(['reserveSpace'], talk.read(client, ReserveSpace))
  const { daemonNixVersion, remoteTrustsUs } = yield* talk.read(server, ClientHandshakeInfo)
  greeting.daemonNixVersion = daemonNixVersion
  greeting.trust = remoteTrustsUs
  talk.dialect = dialectOf(greeting)
  yield* readLog(talk, log, null, null)
  end(talk, greeting, log, false)
  return log.error._tag === 'None'
}

function* readHellos({ client, server, plans }: Conversation): Talk<Greeting> {
  const hello = yield* settled(beneath(['client'], client.read(ClientHello, plans)))
  // Clients up to Nix 2.22 wait between the magic and their version: then it is the daemon that broke off.
  const waited = hello._tag === 'Broken' && hello.by.issue._tag === 'UnexpectedEnd' && client.arrived === 8
  if (hello._tag === 'Broken' && !waited) {
    throw hello.by
  }
  const answer = yield* beneath(['server'], server.read(ServerHello, plans))
  return new Greeting(orBreak(hello).version, answer.version)
}

/** The two refuse one another for their versions; of two that are too old the client comes first. */
const checkVersions = (
  { client, server }: Conversation,
  { clientVersion, serverVersion }: Greeting,
): void => {
  const refusedClient = acceptClient(clientVersion, { newest: serverVersion })
  if (isLeft(refusedClient) && isRefusedByItself(clientVersion)) {
    throw refusedVersion(client, 'client', refusedClient.left)
  }
  const refusedServer = acceptServer(serverVersion, { newest: clientVersion })
  if (isLeft(refusedServer)) {
    throw refusedVersion(server, 'server', refusedServer.left)
  }
}

/** The version stands behind the magic. */
const refusedVersion = (feed: Feed, side: string, refusal: HandshakeRefusal): Break =>
  new Break(feed, {
    _tag: 'InvalidValue',
    offset: 8,
    path: [side, 'version'],
    expected:
      refusal._tag === 'WithoutFeatures'
        ? 'a version whose features the other side can be told'
        : `a protocol version from ${oldestVersion} on, below 2.0`,
    actual: showHandshakeRefusal(refusal),
    grammar: 'ProtocolVersion',
  })
