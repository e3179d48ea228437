import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import { none, type Option, some } from 'fp-ts/lib/Option.js'
import { holds, since } from '../combinators/gate.js'
import type { Issue } from '../combinators/issue.js'
import type { Grammar } from '../combinators/node.js'
import { ClientHandshakeInfo } from '../grammar/client-handshake-info.js'
import {
  ClientMagic,
  CpuAffinity,
  CpuAffinityFlag,
  FeatureList,
  ReserveSpace,
  ServerHello,
} from '../grammar/handshake.js'
import { ProtocolVersion } from '../grammar/integers.js'
import { LogMessage } from '../grammar/logging.js'
import {
  acceptClient,
  negotiateFeatures,
  oldestVersion,
  type SupportedVersions,
} from '../grammar/negotiation.js'
import { newestVersion } from '../types/nix-protocol.js'
import { refusedVersion } from './handshake-issue.js'
import type { Link } from './link.js'

export interface ServerHandshake extends SupportedVersions {
  readonly features: ReadonlyArray<string>
  readonly nixVersion: string
  /** Undefined: the client is not told. */
  readonly trusted: boolean | undefined
}

/** The server's side of the handshake, up to `Last`. */
export const welcome = async (
  link: Link,
  { features, nixVersion, trusted, newest = newestVersion, oldest = oldestVersion }: ServerHandshake,
): Promise<Either<Issue, void>> => {
  const magic = await link.read(ClientMagic)
  if (isLeft(magic)) {
    return magic
  }
  const greeted = await say(link, ServerHello, { version: newest })
  if (isLeft(greeted)) {
    return greeted
  }
  const version = await link.read(ProtocolVersion)
  if (isLeft(version)) {
    return version
  }
  const agreed = acceptClient(version.right, { newest, oldest })
  if (isLeft(agreed)) {
    // Before the log there is no way to say why.
    return left(link.fail(refusedVersion(agreed.left, 'ClientHello')))
  }
  link.setProtocol({ version: agreed.right })
  const theirs = await link.read(FeatureList)
  if (isLeft(theirs)) {
    return theirs
  }
  const ours = holds(since('1.38'), link.protocol) ? [...features].sort() : []
  const named = await say(link, FeatureList, ours)
  if (isLeft(named)) {
    return named
  }
  link.setProtocol({ features: negotiateFeatures(ours, theirs.right) })
  const obsolete = await readObsolete(link)
  if (isLeft(obsolete)) {
    return obsolete
  }
  await link.write(ClientHandshakeInfo, {
    daemonNixVersion: holds(since('1.33'), link.protocol) ? some(nixVersion) : none,
    remoteTrustsUs: holds(since('1.35'), link.protocol) ? trustOf(trusted) : none,
  })
  return say(link, LogMessage, { _tag: 'Last' })
}

const trustOf = (trusted: boolean | undefined): Option<'Trusted' | 'NotTrusted'> =>
  trusted === undefined ? none : some(trusted ? 'Trusted' : 'NotTrusted')

const say = async <A>(link: Link, grammar: Grammar<A>, value: A): Promise<Either<Issue, void>> => {
  const written = await link.write(grammar, value)
  return isLeft(written) ? left(link.fail(written.left)) : link.flush()
}

const readObsolete = async (link: Link): Promise<Either<Issue, unknown>> => {
  const flag = await link.read(CpuAffinityFlag)
  if (isLeft(flag)) {
    return flag
  }
  const processor = flag.right === 0 ? right(0) : await link.read(CpuAffinity)
  return isLeft(processor) ? processor : link.read(ReserveSpace)
}
