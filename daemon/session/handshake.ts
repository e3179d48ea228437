import { isLeft } from 'fp-ts/lib/Either.js'
import { some } from 'fp-ts/lib/Option.js'
import { ordVersion, type ProtocolVersion, versionBits } from '../../combinators/version.js'
import { ClientHandshakeInfo } from '../../grammar/client-handshake-info.js'
import {
  ClientHello,
  CpuAffinity,
  CpuAffinityFlag,
  FeatureList,
  ReserveSpace,
  ServerHello,
} from '../../grammar/handshake.js'
import {
  acceptClient,
  acceptServer,
  type HandshakeRefusal,
  negotiateFeatures,
  negotiateVersion,
  oldestVersion,
  showRefusal,
} from '../../grammar/negotiation.js'
import type { Conversation } from './conversation.js'
import type { Feed } from './feed.js'
import { emptyLog, readLog } from './logs.js'
import { Break, beneath, orBreak, settled, type Talk } from './talk.js'

/** Reads the handshake, in the order in which the two sides must have spoken; false where it ended in an error. */
export function* readHandshake(talk: Conversation): Talk<boolean> {
  talk.during = some('the handshake')
  const proceeds = yield* beneath(['handshake'], steps(talk))
  return proceeds
}

function* steps(talk: Conversation): Talk<boolean> {
  const { client, server } = talk
  const [clientVersion, serverVersion] = yield* readHellos(talk)
  const version = negotiateVersion(clientVersion, serverVersion)
  talk.agree({ version })

  // Kept for the guess what a number in its place may be.
  client.keepFrom(client.offset)
  const clientFeatures = yield* beneath(['features'], client.read(FeatureList, talk.plans))
  client.release()
  const serverFeatures = yield* beneath(['features'], server.read(FeatureList, talk.plans))
  const features = negotiateFeatures(clientFeatures, serverFeatures)
  talk.agree({ features })

  const flag = yield* beneath(['cpuAffinityFlag'], client.read(CpuAffinityFlag, talk.plans))
  if (flag !== 0) {
    yield* beneath(['cpuAffinity'], client.read(CpuAffinity, talk.plans))
  }
  yield* beneath(['reserveSpace'], client.read(ReserveSpace, talk.plans))
  const { daemonNixVersion, remoteTrustsUs } = yield* server.read(ClientHandshakeInfo, talk.plans)
  const log = emptyLog()
  yield* readLog(talk, log, null, null)
  talk.emit({
    kind: 'handshake',
    clientVersion,
    serverVersion,
    version,
    clientFeatures,
    serverFeatures,
    features,
    versionTwice: flag === versionBits(clientVersion),
    daemonNixVersion,
    trust: remoteTrustsUs,
    log: log.messages,
    error: log.error,
    ...talk.account(),
  })
  return log.error._tag === 'None'
}

function* readHellos({
  client,
  server,
  plans,
}: Conversation): Talk<readonly [ProtocolVersion, ProtocolVersion]> {
  const hello = yield* settled(beneath(['client'], client.read(ClientHello, plans)))
  // Clients up to Nix 2.22 wait between the magic and their version: then it is the daemon that broke off.
  const waited = hello._tag === 'Broken' && hello.by.issue._tag === 'UnexpectedEnd' && client.arrived === 8
  if (hello._tag === 'Broken' && !waited) {
    throw hello.by
  }
  const answer = yield* beneath(['server'], server.read(ServerHello, plans))
  const { version } = orBreak(hello)
  const refusedClient = acceptClient(version, { newest: answer.version })
  if (isLeft(refusedClient) && ordVersion.compare(version, oldestVersion) < 0) {
    throw refusedVersion(client, 'client', refusedClient.left)
  }
  const refusedServer = acceptServer(answer.version, { newest: version })
  if (isLeft(refusedServer)) {
    throw refusedVersion(server, 'server', refusedServer.left)
  }
  return [version, answer.version]
}

/** The version stands behind the magic. */
const refusedVersion = (feed: Feed, side: string, refusal: HandshakeRefusal): Break =>
  new Break(feed, {
    _tag: 'InvalidValue',
    offset: 8,
    path: [side, 'version'],
    expected: `a protocol version from ${oldestVersion} on, below 2.0`,
    actual: showRefusal(refusal),
    grammar: 'ProtocolVersion',
  })
