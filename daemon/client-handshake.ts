import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import type { Option } from 'fp-ts/lib/Option.js'
import { holds, since } from '../combinators/gate.js'
import type { Issue } from '../combinators/issue.js'
import type { Grammar } from '../combinators/node.js'
import type { ProtocolVersion } from '../combinators/version.js'
import { ClientHandshakeInfo } from '../grammar/client-handshake-info.js'
import { ClientHello, CpuAffinityFlag, FeatureList, ReserveSpace, ServerHello } from '../grammar/handshake.js'
import {
  acceptServer,
  negotiateFeatures,
  oldestVersion,
  type SupportedVersions,
} from '../grammar/negotiation.js'
import { newestVersion } from '../types/nix-protocol.js'
import { refusedVersion } from './handshake-issue.js'
import type { Link } from './link.js'

/** What a daemon told of itself. */
export interface DaemonInfo {
  /** The newest version of the protocol that it speaks. */
  readonly version: ProtocolVersion
  /** All features that it has, negotiated or not. */
  readonly features: ReadonlyArray<string>
  /** Its release, since 1.33. */
  readonly nixVersion: Option<string>
  /** Whether it trusts this client, since 1.35 and where it says so. */
  readonly trust: Option<'Trusted' | 'NotTrusted'>
}

export interface ClientHandshake extends SupportedVersions {
  readonly features: ReadonlyArray<string>
}

/** Steps 1 to 9 of the handshake; what the daemon logs at its end is read like the log of an operation. */
export const shakeHands = async (
  link: Link,
  { features, newest = newestVersion, oldest = oldestVersion }: ClientHandshake,
): Promise<Either<Issue, DaemonInfo>> => {
  const steps = new Steps(link)
  await steps.write(ClientHello, { version: newest })
  const hello = await steps.read(ServerHello)
  if (isLeft(hello)) {
    return hello
  }
  const { version } = hello.right
  const agreed = acceptServer(version, { newest, oldest })
  if (isLeft(agreed)) {
    return left(link.fail(refusedVersion(agreed.left, 'ServerHello')))
  }
  link.setProtocol({ version: agreed.right })
  await steps.write(FeatureList, holds(since('1.38'), link.protocol) ? [...features].sort() : [])
  const theirs = await steps.read(FeatureList)
  if (isLeft(theirs)) {
    return theirs
  }
  link.setProtocol({ features: negotiateFeatures(features, theirs.right) })
  await steps.write(CpuAffinityFlag, 0)
  await steps.write(ReserveSpace, 0)
  const info = await steps.read(ClientHandshakeInfo)
  if (isLeft(info)) {
    return info
  }
  const { daemonNixVersion, remoteTrustsUs } = info.right
  return right({ version, features: theirs.right, nixVersion: daemonNixVersion, trust: remoteTrustsUs })
}

/** Writes go out together, in front of the next read. Where they fail, what the daemon said before is still read. */
class Steps {
  readonly #link: Link
  #issue: Issue | null = null

  constructor(link: Link) {
    this.#link = link
  }

  async write<A>(grammar: Grammar<A>, value: A): Promise<void> {
    const written = await this.#link.write(grammar, value)
    if (isLeft(written)) {
      this.#issue ??= written.left
    }
  }

  async read<A>(grammar: Grammar<A>): Promise<Either<Issue, A>> {
    const flushed = await this.#link.flush()
    const failed = this.#issue ?? (isLeft(flushed) ? flushed.left : null)
    return failed === null || this.#link.isDeaf ? this.#link.read(grammar) : left(this.#link.fail(failed))
  }
}
