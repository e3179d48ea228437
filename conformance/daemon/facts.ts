import { createHash } from 'node:crypto'
import { isLeft } from 'fp-ts/lib/Either.js'
import { isSome } from 'fp-ts/lib/Option.js'
import { showIssue } from '../../combinators/issue.js'
import type { Protocol } from '../../combinators/protocol.js'
import { ordVersion, type ProtocolVersion } from '../../combinators/version.js'
import type { AnyFlow } from '../../conversation/index.js'
import type { ClientHandshakeInfo } from '../../grammar/client-handshake-info.js'
import { workerOf } from '../../grammar/conversation/worker.js'
import type { BasicDerivation } from '../../grammar/derivation.js'
import type { ServerHello } from '../../grammar/handshake.js'
import { Nar } from '../../grammar/nar.js'
import { negotiateFeatures } from '../../grammar/negotiation.js'
import { type OperationName, operations } from '../../grammar/operations/table.js'
import { type Release, releaseOf } from '../../grammar/releases.js'
import { dialectOf } from '../../session/dialect.js'
import { contentAddressedPath } from '../../store/store-path.js'
import { narDelimiter } from '../../stream/nar/delimiter.js'
import {
  type Base16Digest,
  contentAddressOf,
  hashFromBytes,
  type OutputName,
  type StorePath,
  toBase16,
} from '../../types/index.js'
import { newestVersion } from '../../types/nix-protocol.js'
import { encoded } from './bytes.js'
import type { Level, Move } from './case.js'
import { type LineOptions, openLine } from './line.js'
import { asked, handshakeMoves, type Speech } from './speech.js'

/** A path with known contents, since it was added here. */
export interface KnownPath {
  readonly path: StorePath
  readonly nar: Uint8Array
  readonly narHash: string
}

/** The known facts about a daemon before the cases are made. */
export interface Facts {
  readonly storeDir: string
  readonly newest: ProtocolVersion
  readonly features: ReadonlyArray<string>
  readonly nixVersion: string | null
  /** Whether it trusts this client; null: unknown. */
  readonly trusts: boolean | null
  readonly release: Release | undefined
  readonly flow: AnyFlow
  /** Operations that it lacks, according to the caller. */
  readonly without: ReadonlyArray<OperationName>
  readonly level: Level
  /** A valid path; null if none is known. */
  readonly valid: StorePath | null
  /** The paths added for the cases; null at level `read`. */
  readonly added: Added | null
}

export interface Added {
  readonly leaf: KnownPath
  /** A path with a reference to the leaf. */
  readonly branch: KnownPath
  /** A derivation of one output, whose path follows from its contents, and its form on the wire. */
  readonly drv: StorePath
  readonly out: StorePath
  readonly basic: BasicDerivation
}

/** There is no daemon, or its handshake fails. */
export class NoDaemon extends Error {}

const hashPart = '0'.repeat(32)

/** A path that is in no store. */
export const absentPath = (storeDir: string, name = 'nix-wire-absent'): StorePath =>
  `${storeDir}/${hashPart}-${name}` as StorePath

/** Every feature in the grammars. */
export const knownFeatures: ReadonlyArray<string> = [
  'delete-dead-specific-referrers',
  'realisation-with-path-not-hash',
]

/** The handshake of a client of a version, and the protocol agreed on with it. */
export const speechOf = (
  { newest, features, storeDir }: Pick<Facts, 'newest' | 'features' | 'storeDir'>,
  version: ProtocolVersion,
  says: ReadonlyArray<string> = [],
): Speech => {
  const lower = ordVersion.compare(version, newest) <= 0 ? version : newest
  const agreed: Protocol = { version: lower, features: negotiateFeatures(says, features), storeDir }
  return { version, says, agreed }
}

const flow: AnyFlow = workerOf(operations, { archive: narDelimiter })

interface Said {
  readonly reply: unknown
  readonly values: ReadonlyMap<string, unknown>
}

/** Sends moves on a new connection, and returns the last reply and all values that came. */
const answerTo = async (options: LineOptions, moves: ReadonlyArray<Move>): Promise<Said> => {
  const line = await openLine(options)
  if (typeof line === 'string') {
    throw new NoDaemon(line)
  }
  for (const move of moves) {
    await line.make(move)
  }
  const { events } = await line.finish(0)
  const said = events.flatMap((event) => (event.kind === 'said' && event.side === 'server' ? [event] : []))
  return {
    reply: said.findLast(({ key }) => key === 'reply')?.value,
    values: new Map(said.map(({ key, value }) => [key, value])),
  }
}

/** The archive of a file. */
export const fileNar = (contents: Uint8Array): Uint8Array =>
  encoded(Nar, {}, { root: { type: 'regular', executable: false, contents } })

export const sha256 = (bytes: Uint8Array): string => toBase16(createHash('sha256').update(bytes).digest())

/**
 * Queries a daemon for its version, features and release; at the levels that may write, adds the paths that the cases
 * need.
 */
export const learn = async (
  options: Pick<LineOptions, 'target' | 'storeDir' | 'patience' | 'pause'>,
  level: Level,
): Promise<Facts> => {
  const { storeDir } = options
  const first = { ...options, flow }
  const base = { newest: newestVersion, features: knownFeatures, storeDir }
  const [hello] = handshakeMoves(speechOf(base, newestVersion, knownFeatures))
  const said = await answerTo(first, hello === undefined ? [] : [hello])
  const { version: newest } = (said.values.get('hello') ?? { version: null }) as
    | ServerHello
    | { version: null }
  if (newest === null) {
    throw new NoDaemon('what answers there is no daemon of Nix')
  }
  const again = await answerTo(
    first,
    handshakeMoves(speechOf({ ...base, newest }, newestVersion, knownFeatures)),
  )
  const features = (again.values.get('daemonFeatures') ?? []) as ReadonlyArray<string>
  const info = again.values.get('info') as ClientHandshakeInfo | undefined
  const nixVersion = info !== undefined && isSome(info.daemonNixVersion) ? info.daemonNixVersion.value : null
  const dialect = dialectOf({
    serverVersion: newest,
    serverFeatures: features,
    daemonNixVersion: info?.daemonNixVersion ?? { _tag: 'None' },
  })
  const trust = info?.remoteTrustsUs
  const facts: Facts = {
    storeDir,
    newest,
    features,
    nixVersion,
    trusts: trust !== undefined && isSome(trust) ? trust.value === 'Trusted' : null,
    release: releaseOf(dialect, nixVersion, newest),
    flow,
    without: [],
    level,
    valid: null,
    added: null,
  }
  const added = level === 'read' ? null : await addPaths(options, facts)
  return { ...facts, added, valid: added?.leaf.path ?? (await anyPath(options, facts)) }
}

type Options = Pick<LineOptions, 'target' | 'storeDir' | 'patience' | 'pause'>

const asking = (options: Options, facts: Facts) => {
  const speech = speechOf(facts, facts.newest)
  return async (name: keyof typeof operations, request: unknown): Promise<unknown> => {
    const move = asked(operations[name], speech.agreed, request)
    return (await answerTo({ ...options, flow: facts.flow }, [...handshakeMoves(speech), move])).reply
  }
}

const anyPath = async (options: Options, facts: Facts): Promise<StorePath | null> => {
  const all = await asking(options, facts)('QueryAllValidPaths', {})
  return Array.isArray(all) ? ((all[0] as StorePath | undefined) ?? null) : null
}

const addPaths = async (options: Options, facts: Facts): Promise<Added> => {
  const ask = asking(options, facts)
  const add = async (
    name: string,
    text: string,
    references: ReadonlyArray<StorePath>,
  ): Promise<KnownPath> => {
    const path = await ask('AddTextToStore', { name, text, references })
    if (typeof path !== 'string') {
      throw new NoDaemon('the daemon does not take a text, which the cases ask for: use --level read')
    }
    const nar = fileNar(new TextEncoder().encode(text))
    return { path: path as StorePath, nar, narHash: sha256(nar) }
  }
  const leaf = await add('nix-wire-leaf', 'a leaf of nix-wire conformance\n', [])
  const branch = await add('nix-wire-branch', `holds ${leaf.path}\n`, [leaf.path])
  const { out, basic } = derivationIn(facts.storeDir)
  const drv = await add('nix-wire-built.drv', derivationText(out, basic), [])
  return { leaf, branch, drv: drv.path, out, basic }
}

const product = 'built for nix-wire conformance\n'

const systems: { readonly [arch: string]: string } = { x64: 'x86_64', arm64: 'aarch64' }

const platform = `${systems[process.arch] ?? process.arch}-${process.platform}`

/** A derivation that needs only a shell. */
const derivationIn = (storeDir: string): Pick<Added, 'out' | 'basic'> => {
  const hash = hashFromBytes('sha256', createHash('sha256').update(product).digest())
  if (isLeft(hash)) {
    throw new Error(hash.left)
  }
  const ca = contentAddressOf('Flat', hash.right)
  const path = contentAddressedPath({ name: 'nix-wire-built', ca }, { storeDir })
  if (isLeft(path)) {
    throw new Error(showIssue(path.left))
  }
  const out = path.right
  const basic: BasicDerivation = {
    outputs: new Map([
      [
        'out' as OutputName,
        {
          _tag: 'CAFixed',
          path: out,
          method: 'Flat',
          algorithm: 'sha256',
          digest: hash.right.digest as Base16Digest,
        },
      ],
    ]),
    inputSrcs: [],
    platform,
    builder: '/bin/sh',
    args: ['-c', `echo ${product.trim()} > $out`],
    env: new Map([
      ['name', 'nix-wire-built'],
      ['out', out],
    ]),
  }
  return { out, basic }
}

/** The text of such a derivation, without characters to escape. */
const derivationText = (out: StorePath, { builder, args, env }: BasicDerivation): string => {
  const words = (texts: Iterable<string>): string => [...texts].map((each) => `"${each}"`).join(',')
  const outputs = `("out","${out}","sha256","${sha256(new TextEncoder().encode(product))}")`
  const environment = [...env].map((entry) => `(${words(entry)})`).join(',')
  return `Derive([${outputs}],[],[],"${platform}","${builder}",[${words(args)}],[${environment}])`
}
