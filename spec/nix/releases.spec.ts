import { existsSync } from 'node:fs'
import type { ProtocolVersion } from '../../combinators/version.js'
import { startNixDaemon } from '../support/nix-daemon.js'
import { projectPath } from '../support/shared.js'
import type { LeftOut } from './suite/at-version.js'
import { describeDaemon } from './suite/describe-daemon.js'

interface Release {
  readonly title: string
  readonly suite: string
  readonly conf: string
  readonly versions: ReadonlyArray<ProtocolVersion>
  readonly leftOut: LeftOut
}

const releases: ReadonlyArray<Release> = [
  {
    title: 'Nix 2.3',
    suite: 'bullseye',
    conf: `build-hook = ${projectPath('spec/support/decline-hook.sh')}\nfsync-metadata = false`,
    // It waits for reserveSpace in any version of the client; at 1.10 a client sends none.
    versions: ['1.11', '1.14', '1.17', '1.19', '1.21'],
    leftOut: {},
  },
  {
    title: 'Nix 2.26',
    suite: 'trixie',
    conf: 'builders =\nfsync-metadata = false',
    versions: ['1.10', '1.14', '1.18', '1.21', '1.23', '1.25', '1.34', '1.35', '1.37', '1.38'],
    leftOut: { QueryReferences: 'the daemon closes the connection instead of an answer' },
  },
  {
    title: 'Nix 2.34',
    suite: 'sid',
    conf: 'builders =\nfsync-metadata = false',
    versions: ['1.18', '1.21', '1.23', '1.25', '1.34', '1.35', '1.37', '1.38'],
    leftOut: {},
  },
]

// The release in sid changes; the others stay, and in CI they must be there.
const mustBeThere = ({ suite }: Release): boolean => process.env.CI === 'true' && suite !== 'sid'

describe('our client and other releases of the nix-daemon', () => {
  for (const release of releases) {
    const { title, suite, conf, versions, leftOut } = release
    const bin = projectPath('.nix-releases', suite, 'bin')
    if (existsSync(bin)) {
      describeDaemon(title, () => startNixDaemon({ bin, conf }), versions, leftOut)
    } else {
      const reason = `${title} is not in .nix-releases/${suite}: run spec/support/install-nix.sh`
      const fail = () => {
        throw new Error(reason)
      }
      it(reason, mustBeThere(release) ? fail : undefined)
    }
  }
})
