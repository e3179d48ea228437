import { none } from 'fp-ts/lib/Option.js'
import { since } from '../combinators/gate.js'
import { versioned } from '../combinators/structures/gated.js'
import { refine } from '../combinators/structures/imap.js'
import { optionalByTag } from '../combinators/structures/optional.js'
import { struct } from '../combinators/structures/struct.js'
import { type ProtocolVersion, versionBits } from '../combinators/version.js'
import { ClientHandshakeInfo } from '../grammar/client-handshake-info.js'
import { CpuAffinity, FeatureList, ReserveSpace, type ServerHello } from '../grammar/handshake.js'
import { Int } from '../grammar/integers.js'
import { negotiateFeatures, negotiateVersion } from '../grammar/negotiation.js'
import type { Conversation } from './conversation.js'
import { dialectOf } from './dialect.js'
import type { HandshakeEvent, Ranges } from './events.js'
import { emptyLog, type Log } from './log.js'

// The rest of each side's handshake, as one value: a guess tries other versions on it.
const ClientRest = struct('ClientRest', {
  features: FeatureList,
  cpuAffinity: versioned(since('1.14'), optionalByTag(Int, CpuAffinity), none),
  reserveSpace: refine(ReserveSpace, '0', (value) => value === 0),
})
const DaemonRest = struct('DaemonRest', { features: FeatureList, info: ClientHandshakeInfo })

interface Versions {
  readonly client: ProtocolVersion
  readonly server: ProtocolVersion
}

/** The known parts of a handshake. */
export class Greeting {
  readonly log: Log = emptyLog()
  readonly #talk: Conversation
  #clientVersion: ProtocolVersion | null = null
  #serverVersion: ProtocolVersion | null = null
  #clientFeatures: ReadonlyArray<string> = []
  #serverFeatures: ReadonlyArray<string> = []
  #versionTwice = false
  #info: ClientHandshakeInfo = { daemonNixVersion: none, remoteTrustsUs: none }

  constructor(talk: Conversation) {
    this.#talk = talk
  }

  get versions(): Versions | null {
    const [client, server] = [this.#clientVersion, this.#serverVersion]
    return client === null || server === null ? null : { client, server }
  }

  /** Takes the message of the handshake with this key. */
  take(key: string, value: unknown): void {
    switch (key) {
      case 'version':
        this.#clientVersion = value as ProtocolVersion
        break
      case 'hello':
        this.#serverVersion = (value as ServerHello).version
        break
      case 'features':
        this.#clientFeatures = value as ReadonlyArray<string>
        break
      case 'daemonFeatures':
        this.#serverFeatures = value as ReadonlyArray<string>
        break
      case 'cpuFlag':
        this.#versionTwice = this.#clientVersion !== null && value === versionBits(this.#clientVersion)
        break
      case 'info':
        this.#info = value as ClientHandshakeInfo
        break
      default:
        return
    }
    const { versions } = this
    if (versions !== null) {
      const talk = this.#talk
      talk.giveUp = () => this.end(true)
      talk.soFar = () => this.#event(versions, true, talk.ranges)
    }
  }

  /** The version has been negotiated. */
  begin(): void {
    const { client, server, clientTrail, serverTrail, during } = this.#talk
    clientTrail.begin('greeting', ClientRest, client.offset, during)
    serverTrail.begin('greeting', DaemonRest, server.offset, during)
  }

  /** The handshake is over, or broken off: reports the known parts. */
  end(unfinished: boolean): void {
    const talk = this.#talk
    const { versions } = this
    if (versions === null) {
      return
    }
    talk.forget()
    const event = this.#event(versions, unfinished, talk.account())
    talk.dialect = event.dialect
    talk.emit(event)
  }

  #event(versions: Versions, unfinished: boolean, ranges: Ranges): HandshakeEvent {
    const { daemonNixVersion, remoteTrustsUs } = this.#info
    const serverFeatures = this.#serverFeatures
    return {
      kind: 'handshake',
      clientFeatures: this.#clientFeatures,
      serverFeatures,
      features: negotiateFeatures(this.#clientFeatures, serverFeatures),
      versionTwice: this.#versionTwice,
      daemonNixVersion,
      trust: remoteTrustsUs,
      clientVersion: versions.client,
      serverVersion: versions.server,
      version: negotiateVersion(versions.client, versions.server),
      dialect: dialectOf({ serverVersion: versions.server, serverFeatures, daemonNixVersion }),
      log: this.log.messages,
      error: this.log.error,
      unfinished,
      ...ranges,
    }
  }
}
