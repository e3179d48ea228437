import { type Either, isLeft, right } from 'fp-ts/lib/Either.js'
import { compareTexts } from '../bytes/order.js'
import type { Issue } from '../combinators/issue.js'
import type { Protocol } from '../combinators/protocol.js'
import { show } from '../combinators/show.js'
import {
  type ContentAddress,
  type ContentAddressMethod,
  contentAddressHash,
  contentAddressOf,
  type Hash,
  hashBytes,
  hashFromBytes,
  OutputName,
  StorePath,
  StorePathName,
  toBase16,
  toNix32,
} from '../types/index.js'
import { inField, invalidValue } from './issue.js'
import { atOnce, type HashingOptions } from './options.js'
import { type Hashing, sha256Of } from './sha256.js'

/** The number of bytes in the hash part of a store path. */
const hashPartSize = 20

/** Folds a digest into fewer bytes: each byte is combined with the one that many places before it. */
export const folded = (digest: Uint8Array, size: number): Uint8Array => {
  const bytes = new Uint8Array(size)
  for (const [index, byte] of digest.entries()) {
    bytes[index % size]! ^= byte
  }
  return bytes
}

/** The path for a kind, a digest and a name, from which all others are made. */
function* makeStorePath(
  kind: string,
  digest: string,
  name: StorePathName,
  { storeDir }: Protocol,
): Hashing<StorePath> {
  const hash = yield* sha256Of(`${kind}:${digest}:${storeDir}:${name}`)
  return `${storeDir}/${toNix32(folded(hash, hashPartSize))}-${name}` as StorePath
}

const inBase16 = (hash: Hash): string => `${hash.algorithm}:${toBase16(hashBytes(hash))}`

const sha256InBase16 = (digest: Uint8Array): string => `sha256:${toBase16(digest)}`

const withReferences = (kind: string, references: ReadonlyArray<string>, self: boolean): string =>
  [kind, ...[...new Set(references)].sort(compareTexts), ...(self ? ['self'] : [])].join(':')

/** A content-addressed store object: its name, content address and references. */
export interface ContentAddressed {
  readonly name: string
  readonly ca: ContentAddress
  /** The store paths that it refers to, without itself. Default: none. */
  readonly references?: ReadonlyArray<StorePath>
  /** Whether it refers to itself. */
  readonly self?: boolean
}

const prefixes: { readonly [Method in Exclude<ContentAddressMethod, 'Text'>]: string } = {
  Flat: '',
  NixArchive: 'r:',
  Git: 'git:',
}

export function* contentAddressedSteps(
  of: ContentAddressed,
  protocol: Protocol,
): Hashing<Either<Issue, StorePath>> {
  const name = inField('StorePathName', ['name'])(StorePathName.format.parse(of.name, protocol))
  if (isLeft(name)) return name
  const { ca, references = [], self = false } = of
  for (const [index, reference] of references.entries()) {
    const read = inField('StorePath', ['references', index])(StorePath.format.print(reference, protocol))
    if (isLeft(read)) return read
  }
  const hash = contentAddressHash(ca)
  const refuse = (field: string, expected: string, actual: unknown) =>
    invalidValue('ContentAddress', [field], expected, show(actual))
  if (ca._tag === 'Text') {
    if (hash.algorithm !== 'sha256') return refuse('ca', 'sha256 of a text', hash.algorithm)
    if (self) return refuse('self', 'no reference of a text to itself', self)
    return right(
      yield* makeStorePath(withReferences('text', references, false), inBase16(hash), name.right, protocol),
    )
  }
  if (ca._tag === 'NixArchive' && hash.algorithm === 'sha256') {
    const kind = withReferences('source', references, self)
    return right(yield* makeStorePath(kind, inBase16(hash), name.right, protocol))
  }
  if (ca._tag === 'Git' && hash.algorithm !== 'sha1' && hash.algorithm !== 'sha256') {
    return refuse('ca', 'sha1 or sha256 of a git tree', hash.algorithm)
  }
  if (references.length > 0 || self) {
    const expected = 'no references, which only a text and a NAR hashed with sha256 have'
    return refuse(self ? 'self' : 'references', expected, self || references)
  }
  const inner = yield* sha256Of(`fixed:out:${prefixes[ca._tag]}${inBase16(hash)}:`)
  return right(yield* makeStorePath('output:out', sha256InBase16(inner), name.right, protocol))
}

/**
 * The store path of a content-addressed object, computed from its content address, its name and its references.
 *
 * ```ts
 * import { contentAddressedPath } from 'nix-wire/store'
 * import { ContentAddress } from 'nix-wire/types'
 * import { either as E, function as F } from 'fp-ts'
 *
 * F.pipe(
 *   ContentAddress.make('fixed:r:sha256:1m4nlppk66xgq4hdz5q1jjkl9s5nvxzq6dsc3y7rgf6vma12zr15'),
 *   E.chainW((ca) => contentAddressedPath({ name: 'hello-2.12', ca })),
 *   E.map((path) => path.length),
 * ) // => { _tag: 'Right', right: 54 }
 * ```
 *
 * Issues: `InvalidText` for a name or a reference; `InvalidValue` for references of a method that has none, for a
 * text whose hash is not sha256, and for a git tree whose hash is neither sha1 nor sha256. Source: the reference
 * implementation.
 */
export const contentAddressedPath = (
  of: ContentAddressed,
  options: HashingOptions = {},
): Either<Issue, StorePath> =>
  atOnce('contentAddressedPath', options, (protocol) => contentAddressedSteps(of, protocol))

/** A text file in the store, such as that of `builtins.toFile` or a derivation. */
export interface TextObject {
  readonly name: string
  /** The contents; a string is encoded in UTF-8. */
  readonly contents: Uint8Array | string
  /** The store paths that it refers to. Default: none. */
  readonly references?: ReadonlyArray<StorePath>
}

export function* textSteps(
  { name, contents, references = [] }: TextObject,
  protocol: Protocol,
): Hashing<Either<Issue, StorePath>> {
  const digest = yield* sha256Of(contents)
  const hash = hashFromBytes('sha256', digest)
  return isLeft(hash)
    ? invalidValue('Sha256', [], 'a digest of 32 bytes', `${digest.length} bytes`)
    : yield* contentAddressedSteps({ name, ca: contentAddressOf('Text', hash.right), references }, protocol)
}

/**
 * The store path of a text file, computed from its contents, its name and its references. Derivations are such files.
 *
 * ```ts
 * import { textPath } from 'nix-wire/store'
 *
 * textPath({ name: 'letter.txt', contents: 'Dear reader' })
 * // => { _tag: 'Right', right: '/nix/store/pz09lg0v68s5lqp4rgfwb99srv3i1xgc-letter.txt' }
 * ```
 *
 * Issues: `InvalidText` for a name or a reference. Source: the reference implementation.
 */
export const textPath = (of: TextObject, options: HashingOptions = {}): Either<Issue, StorePath> =>
  atOnce('textPath', options, (protocol) => textSteps(of, protocol))

/** An output of an input-addressed derivation. */
export interface InputAddressed {
  /** The name of the derivation, without `.drv`. */
  readonly name: string
  /** The name of the output, such as `out`. */
  readonly output: string
  /** The hash of the derivation, as {@link hashModulo} computes it. */
  readonly hash: Hash
}

/** The name of an output's store path: `hello`, and `hello-dev` for the output `dev`. */
export const outputPathName = (name: string, output: string): string =>
  output === 'out' ? name : `${name}-${output}`

export function* outputSteps(
  { name, output, hash }: InputAddressed,
  protocol: Protocol,
): Hashing<Either<Issue, StorePath>> {
  const outputName = inField('OutputName', ['output'])(OutputName.format.parse(output, protocol))
  if (isLeft(outputName)) return outputName
  const text = outputPathName(name, output)
  const pathName = inField('StorePathName', ['name'])(StorePathName.format.parse(text, protocol))
  return isLeft(pathName)
    ? pathName
    : right(yield* makeStorePath(`output:${output}`, inBase16(hash), pathName.right, protocol))
}

/**
 * The store path of an output of an input-addressed derivation.
 *
 * Issues: `InvalidText` for the name of the derivation or of the output. Source: the reference implementation.
 */
export const outputPath = (of: InputAddressed, options: HashingOptions = {}): Either<Issue, StorePath> =>
  atOnce('outputPath', options, (protocol) => outputSteps(of, protocol))
