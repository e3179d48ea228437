import type { ProtocolVersion } from '../../combinators/version.js'
import { describeWithNix, startNixDaemon } from '../support/nix-daemon.js'
import { describeDaemon } from './suite/describe-daemon.js'

const versions = Array.from({ length: 25 }, (_, i): ProtocolVersion => `1.${10 + i}`)

describeWithNix('our client and the nix-daemon of the system', () => {
  describeDaemon('Nix 2.8', () => startNixDaemon({ conf: 'fsync-metadata = false' }), versions, {
    QueryReferences: 'the daemon never answers, and spins',
  })
})
