import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import type { Agreed } from '../../combinators/protocol.js'
import type { ProtocolVersion as Version } from '../../combinators/version.js'
import { builtLater } from '../../conversation/flow.js'
import { agree } from '../../conversation/kinds/agree.js'
import { atOnce } from '../../conversation/kinds/at-once.js'
import { branch } from '../../conversation/kinds/branch.js'
import { conversation } from '../../conversation/kinds/conversation.js'
import { gated } from '../../conversation/kinds/gated.js'
import { noted } from '../../conversation/kinds/labels.js'
import { says } from '../../conversation/kinds/says.js'
import { nothing, sequence } from '../../conversation/kinds/sequence.js'
import { since } from '../../types/nix-gates.js'
import { ClientHandshakeInfo } from '../client-handshake-info.js'
import {
  ClientMagic,
  CpuAffinity,
  CpuAffinityFlag,
  FeatureList,
  ReserveSpace,
  ServerHello,
} from '../handshake.js'
import { ProtocolVersion } from '../integers.js'
import {
  acceptClient,
  acceptServer,
  isRefusedByItself,
  negotiateFeatures,
  oldestVersion,
  showHandshakeRefusal,
} from '../negotiation.js'
import { handshakeLog } from './log.js'

interface Versions {
  readonly version: Version
  readonly hello: ServerHello
}

const clientVersion = ({ version, hello }: Versions): Either<string, Partial<Agreed>> => {
  const accepted = acceptClient(version, { newest: hello.version })
  return isLeft(accepted) && isRefusedByItself(version)
    ? left(showHandshakeRefusal(accepted.left))
    : right({})
}

const lowerVersion = ({ version, hello }: Versions): Either<string, Partial<Agreed>> => {
  const accepted = acceptServer(hello.version, { newest: version })
  return isLeft(accepted) ? left(showHandshakeRefusal(accepted.left)) : right({ version: accepted.right })
}

const versions = { version: ProtocolVersion, hello: ServerHello }
const features = { features: FeatureList, daemonFeatures: FeatureList }

/** The handshake: how a connection begins, up to the first operation. */
export const handshake = builtLater(() =>
  conversation(
    'handshake',
    sequence(
      says('client', 'magic', ClientMagic),
      noted(
        'clients up to Nix 2.22 wait for the answer to their magic, newer ones do not',
        atOnce(says('client', 'version', ProtocolVersion), says('server', 'hello', ServerHello)),
      ),
      noted(
        `a daemon refuses one below ${oldestVersion}`,
        agree('client version', versions, 'client', clientVersion),
      ),
      noted(
        `the lower of the two; a client refuses one below ${oldestVersion}, and another major version than 1`,
        agree('version', versions, 'server', lowerVersion),
      ),
      gated(
        since('1.38'),
        sequence(
          says('client', 'features', FeatureList),
          says('server', 'daemonFeatures', FeatureList),
          noted(
            'those that both sides have',
            agree('features', features, 'server', (said) =>
              right({ features: negotiateFeatures(said.features, said.daemonFeatures) }),
            ),
          ),
        ),
      ),
      gated(
        since('1.14'),
        sequence(
          noted(
            'clients of Nix 2.23 send their version a second time, which is read here',
            says('client', 'cpuFlag', CpuAffinityFlag),
          ),
          branch('cpuFlag', { none: [0, nothing] }, says('client', 'cpu', CpuAffinity)),
        ),
      ),
      gated(since('1.11'), says('client', 'reserve', ReserveSpace)),
      gated(since('1.33'), says('server', 'info', ClientHandshakeInfo)),
      handshakeLog,
    ),
  ),
)
