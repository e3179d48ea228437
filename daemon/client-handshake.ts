import { isLeft } from 'fp-ts/lib/Either.js'
import { none, type Option } from 'fp-ts/lib/Option.js'
import type { ProtocolVersion } from '../combinators/version.js'
import type { ClientHandshakeInfo } from '../grammar/client-handshake-info.js'
import type { ServerHello } from '../grammar/handshake.js'
import { acceptServer, oldestVersion, type SupportedVersions } from '../grammar/negotiation.js'
import { IssueError } from '../stream/issue-error.js'
import { newestVersion } from '../types/nix-protocol.js'
import { refusedVersion } from './handshake-issue.js'

/** The daemon's information about itself. */
export interface DaemonInfo {
  /** The newest version of the protocol that it speaks. */
  readonly version: ProtocolVersion
  /** All features that it has, negotiated or not. */
  readonly features: ReadonlyArray<string>
  /** The release of Nix; since 1.33. */
  readonly nixVersion: Option<string>
  /** Whether it trusts this client; since 1.35, if it says so. */
  readonly trust: Option<'Trusted' | 'NotTrusted'>
}

/** The messages of a daemon in its handshake, by the keys of the flow. */
interface Heard {
  readonly hello: ServerHello
  readonly daemonFeatures?: ReadonlyArray<string>
  readonly info?: ClientHandshakeInfo
}

/** The messages of a client up to the first operation, by the keys of the flow. */
export const greeting = (newest: ProtocolVersion, features: ReadonlyArray<string>) => ({
  magic: {},
  version: newest,
  features: [...features].sort(),
  cpuFlag: 0,
  cpu: 0,
  reserve: 0,
})

/** Checks that the daemon has a version that this client speaks. @throws IssueError otherwise. */
export const checkHello =
  ({ newest = newestVersion, oldest = oldestVersion }: SupportedVersions) =>
  (key: string, value: unknown): void => {
    const agreed = key === 'hello' ? acceptServer((value as ServerHello).version, { newest, oldest }) : null
    if (agreed !== null && isLeft(agreed)) {
      throw new IssueError(refusedVersion(agreed.left, 'ServerHello'))
    }
  }

export const daemonInfoOf = (heard: { readonly [key: string]: unknown }): DaemonInfo => {
  const { hello, daemonFeatures = [], info } = heard as object as Heard
  return {
    version: hello.version,
    features: daemonFeatures,
    nixVersion: info?.daemonNixVersion ?? none,
    trust: info?.remoteTrustsUs ?? none,
  }
}
