import { none } from 'fp-ts/lib/Option.js'
import { type ProtocolVersion, versionBits } from '../../../combinators/version.js'
import type { Client, PromiseMethods } from '../../../daemon/client-types.js'
import type { LogLine } from '../../../daemon/log.js'
import type { UnkeyedValidPathInfo, ValidPathInfo } from '../../../grammar/index.js'
import { type OperationName, operations, operationsOf } from '../../../grammar/operations/index.js'
import { NARHash, type StorePath, toBase16 } from '../../../types/index.js'
import { rightOf } from '../../support/either.js'
import { contentAddressedPath, digest, fileNar } from '../../support/memory-store.js'
import type { Derivations } from './derivations.js'
import { type Claims, isAbove, noting, type Scene } from './scene.js'

/** What the suite has to know of the daemon that it runs against. */
export interface Given {
  readonly scene: Scene
  readonly derivations: Derivations
  /** A text and another that refers to it, added before. */
  readonly leaf: StorePath
  readonly branch: StorePath
  readonly infos: ReadonlyMap<StorePath, UnkeyedValidPathInfo>
  readonly claims: Claims
}

export interface LeftOut {
  /** Operations that this release cannot be asked, by name, with the reason. */
  readonly [name: string]: string
}

/** One version of the protocol with one release of the daemon, and a connection that the tests share. */
export class AtVersion {
  readonly version: ProtocolVersion
  readonly given: () => Given
  /** The names of the methods that were called. */
  readonly called = new Set<string>()
  readonly log: Array<LogLine> = []
  /** All operations of the version, those that the release no longer has among them. */
  readonly known: ReadonlyArray<OperationName>
  readonly #leftOut: LeftOut
  #client: Client<typeof operations> | undefined
  #daemon: PromiseMethods<typeof operations> | undefined

  constructor(version: ProtocolVersion, given: () => Given, leftOut: LeftOut) {
    this.version = version
    this.given = given
    this.#leftOut = leftOut
    this.known = operationsOf({ version }).map(({ name }) => name as OperationName)
  }

  async open(): Promise<void> {
    const onLog = (message: LogLine) => void this.log.push(message)
    this.#client = await this.given().scene.connect(this.version, { onLog })
    this.#daemon = noting(this.#client, this.called)
  }

  async close(): Promise<void> {
    await this.#client?.close()
  }

  get client(): Client<typeof operations> {
    if (this.#client === undefined) {
      throw new Error('there is no connection yet')
    }
    return this.#client
  }

  /** The client's promises; what is called is noted. */
  get daemon(): PromiseMethods<typeof operations> {
    return this.#daemon ?? this.client.promises
  }

  since(other: ProtocolVersion): boolean {
    return versionBits(this.version) >= versionBits(other)
  }

  itSince(oldest: ProtocolVersion, title: string, test: () => Promise<void>): void {
    if (this.since(oldest)) {
      it(title, test)
    }
  }

  /** Whether the release no longer has an operation that the protocol has. */
  readonly isGone = (name: OperationName): boolean => {
    const { until } = operations[name]
    return until !== null && isAbove(this.given().scene.release, until)
  }

  readonly has = (name: OperationName): boolean =>
    this.known.includes(name) && !this.isGone(name) && !Object.hasOwn(this.#leftOut, name)

  ownPath(name: string): StorePath {
    return `${this.given().scene.daemon.storeDir}/${'0'.repeat(32)}-${name}-${this.version}` as StorePath
  }

  /** A path with made-up contents, as a client knows it that has it. */
  async foreign(name: string): Promise<readonly [ValidPathInfo, Uint8Array]> {
    const { scene, leaf } = this.given()
    const nar = await fileNar(Buffer.from(`${name} ${this.version}`))
    const info: UnkeyedValidPathInfo = {
      deriver: none,
      narHash: rightOf(NARHash.make(toBase16(digest('sha256', nar)))),
      references: [leaf],
      registrationTime: 0n,
      narSize: BigInt(nar.length),
      ultimate: false,
      signatures: [],
      ca: none,
    }
    const method = { _tag: 'NixArchive', algorithm: 'sha256' } as const
    const path = contentAddressedPath(scene.daemon.storeDir, `${name}-${this.version}`, method, nar)
    return [{ path, info }, nar]
  }
}
