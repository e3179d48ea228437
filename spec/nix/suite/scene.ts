import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { none, some } from 'fp-ts/lib/Option.js'
import type { ProtocolVersion } from '../../../combinators/version.js'
import { promises } from '../../../daemon/client.js'
import type { Client, PromiseMethods } from '../../../daemon/client-types.js'
import type { ConnectOptions } from '../../../daemon/connect-options.js'
import type { UnkeyedValidPathInfo } from '../../../grammar/index.js'
import type { OperationName, operations } from '../../../grammar/operations/index.js'
import { ContentAddress, NARHash, type Signature, type StorePath } from '../../../types/index.js'
import { rightOf } from '../../support/either.js'
import type { NixDaemon } from '../../support/nix-daemon.js'
import { longest } from '../../support/waiting.js'

const run = promisify(execFile)

/** A started daemon, the real commands that talk to it, and our client. */
export interface Scene {
  readonly daemon: NixDaemon
  readonly release: readonly [major: number, minor: number]
  /** What a real command prints. */
  nix(command: string, ...args: ReadonlyArray<string>): Promise<string>
  connect(version: ProtocolVersion, options?: ConnectOptions): Promise<Client<typeof operations>>
}

export const sceneOf = async (daemon: NixDaemon): Promise<Scene> => {
  const nix: Scene['nix'] = async (command, ...args) => {
    const { stdout } = await run(command, [...args], { env: daemon.env, maxBuffer: 2 ** 28 })
    return stdout
  }
  const [, major, minor] = /(\d+)\.(\d+)/.exec(await nix('nix-store', '--version')) ?? []
  return {
    daemon,
    release: [Number(major), Number(minor)],
    nix,
    connect: (version, options = {}) =>
      promises.connect(daemon.socket, {
        newest: version,
        storeDir: daemon.storeDir,
        timeout: longest,
        ...options,
      }),
  }
}

/** Whether a release is above another. */
export const isAbove = ([major, minor]: Scene['release'], other: string): boolean => {
  const [otherMajor = 0, otherMinor = 0] = other.split('.').map(Number)
  return major > otherMajor || (major === otherMajor && minor > otherMinor)
}

/** The promises of a client, with a note of what was called. */
export const noting = (
  { promises: methods }: Client<typeof operations>,
  called: Set<string>,
): PromiseMethods<typeof operations> => {
  const noted = Object.entries(methods).map(([name, method]) => [
    name,
    (...given: ReadonlyArray<never>) => {
      called.add(name)
      return (method as (...args: ReadonlyArray<never>) => unknown)(...given)
    },
  ])
  const client: unknown = Object.fromEntries(noted)
  return client as PromiseMethods<typeof operations>
}

export const methodOf = (name: OperationName): string => name.charAt(0).toLowerCase() + name.slice(1)

export const lines = (text: string): ReadonlyArray<StorePath> =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line as StorePath)

export const sorted = (paths: ReadonlyArray<string>): ReadonlyArray<string> => [...paths].sort()

interface PathInfoJson {
  readonly path: StorePath
  readonly narHash: string
  readonly narSize: number
  readonly references: ReadonlyArray<StorePath>
  readonly deriver?: StorePath | null
  readonly registrationTime: number
  readonly ultimate?: boolean
  readonly signatures?: ReadonlyArray<Signature>
  readonly ca?: string | null
}

/** What the real command says of paths, as the protocol has it. */
export const pathInfos = async (
  scene: Scene,
  ...args: ReadonlyArray<string>
): Promise<ReadonlyMap<StorePath, UnkeyedValidPathInfo>> => {
  const printed: unknown = JSON.parse(await scene.nix('nix', 'path-info', '--json', ...args))
  const infos = Array.isArray(printed)
    ? (printed as ReadonlyArray<PathInfoJson>)
    : Object.entries(printed as { [path: string]: PathInfoJson }).map(([path, info]) => ({
        ...info,
        path: path as StorePath,
      }))
  return new Map(infos.map((info) => [info.path, infoOf(info)]))
}

const infoOf = (json: PathInfoJson): UnkeyedValidPathInfo => ({
  deriver: json.deriver == null ? none : some(json.deriver),
  narHash: rightOf(NARHash.make(json.narHash)),
  references: json.references,
  registrationTime: BigInt(json.registrationTime),
  narSize: BigInt(json.narSize),
  ultimate: json.ultimate ?? false,
  signatures: json.signatures ?? [],
  ca: json.ca == null ? none : some(rightOf(ContentAddress.make(json.ca))),
})

/** An info in the form of a protocol that knows less of it, with its sets in order. */
export const infoAt = (version: ProtocolVersion, info: UnkeyedValidPathInfo): UnkeyedValidPathInfo => {
  const known = { ...info, references: sorted(info.references) as ReadonlyArray<StorePath> }
  return Number(version.slice(2)) >= 16
    ? { ...known, signatures: [...known.signatures].sort() }
    : { ...known, ultimate: false, signatures: [], ca: none }
}

/** What must be so at the end, when the real commands are asked: once, since each takes a tenth of a second. */
export class Claims {
  readonly #infos: Array<readonly [path: StorePath, info: Partial<UnkeyedValidPathInfo>]> = []
  readonly #logs: Array<readonly [path: StorePath, log: string]> = []

  info(path: StorePath, info: Partial<UnkeyedValidPathInfo> = {}): void {
    this.#infos.push([path, info])
  }

  log(path: StorePath, log: string): void {
    this.#logs.push([path, log])
  }

  async check(scene: Scene): Promise<void> {
    const infos = await pathInfos(scene, '--all')
    expect(this.#infos.length).to.be.greaterThan(0)
    for (const [path, claimed] of this.#infos) {
      expect(infos.get(path), path).to.deep.include(claimed)
    }
    const printed = await scene.nix('nix-store', '--read-log', ...this.#logs.map(([path]) => path))
    expect(printed).to.equal(this.#logs.map(([, log]) => log).join(''))
  }
}

/** What a promise rejects with. */
export const rejection = async (promise: Promise<unknown>): Promise<Error> => {
  const value: unknown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(value, 'a rejection').to.be.an.instanceOf(Error)
  return value as Error
}

/** All that comes. */
export const all = async <A>(items: AsyncIterable<A>): Promise<ReadonlyArray<A>> => {
  const list: Array<A> = []
  for await (const item of items) {
    list.push(item)
  }
  return list
}
