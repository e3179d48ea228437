import { chain, type Either, isLeft, left, map, right } from 'fp-ts/lib/Either.js'
import { filter, getOrElse, none, type Option, some } from 'fp-ts/lib/Option.js'
import type { Protocol } from '../combinators/protocol.js'
import { show } from '../combinators/show.js'
import { alphabet } from '../combinators/text-format.js'
import type { ValidPathInfo } from '../grammar/path-info.js'
import { AnySignature, ContentAddress, type Hash, type StorePath } from '../types/index.js'
import { keepingText, type WithText } from './kept-text.js'
import { basePath, decimal, line, narHash, prefixedHash, spaced, wholePath } from './line-formats.js'
import {
  brokenLines,
  type LineFormat,
  type Lines,
  lineTexts,
  maybe,
  type OtherLine,
  one,
  parseLines,
  printLines,
  several,
} from './lines.js'
import { StoreText } from './store-text.js'
import type { FieldIssue } from './text-issue.js'

/** A binary cache's information about the file of an archive. */
export interface NarFile {
  /** The URL of the file, relative to that of the cache. */
  readonly url: string
  /** The compression, such as `xz`; `none` for no compression. */
  readonly compression: string
  /** The hash of the compressed file. */
  readonly fileHash: Option<Hash>
  /** The size of the compressed file, in bytes. */
  readonly fileSize: Option<bigint>
}

/**
 * A narinfo: the information of a binary cache about a store path. It is a path info, and the file of the archive.
 *
 * `info.registrationTime` and `info.ultimate` belong to a store and not to a cache, so they are 0 and false. `others`
 * are the unknown lines, such as `System`.
 */
export interface NarInfo extends ValidPathInfo, NarFile, WithText {
  readonly others: ReadonlyArray<OtherLine>
}

const signature: LineFormat<string> = {
  ...AnySignature.format,
  texts: (make) =>
    make.pattern([
      { _tag: 'chars', alphabet: alphabet('a-zA-Z0-9._-'), min: 1, max: 20 },
      { _tag: 'literal', text: ':' },
      { _tag: 'base64' },
    ]),
}

const contentAddress: LineFormat<ContentAddress> = {
  ...ContentAddress.format,
  texts: (make, protocol) => ContentAddress.format.texts!(make, protocol),
}

/** Older caches write this if no deriver is known. */
const unknownDeriver = 'unknown-deriver'

const deriver: LineFormat<StorePath | null> = {
  ...basePath,
  parse: (text, protocol) => (text === unknownDeriver ? right(null) : basePath.parse(text, protocol)),
  print: (path, protocol) => (path === null ? right(unknownDeriver) : basePath.print(path, protocol)),
}

const rules = {
  path: one('StorePath', wholePath),
  url: one('URL', line('a URL')),
  compression: maybe('Compression', line('a compression')),
  fileHash: maybe('FileHash', prefixedHash),
  fileSize: maybe('FileSize', decimal(0n)),
  narHash: one('NarHash', narHash),
  narSize: one('NarSize', decimal(1n)),
  references: maybe('References', spaced(basePath)),
  deriver: maybe('Deriver', deriver),
  signatures: several('Sig', signature),
  ca: maybe('CA', contentAddress),
}

const ofStore: ReadonlySet<string> = new Set([
  'narHash',
  'narSize',
  'references',
  'deriver',
  'signatures',
  'ca',
])

const description = {
  rules,
  ended: true,
  place: (field: string) => (ofStore.has(field) ? ['info', field] : [field]),
}

type NarInfoLines = Lines<typeof rules>

/** The default compression of a cache in Nix. */
const usualCompression = 'bzip2'

const fromLines = ({
  path,
  url,
  compression,
  fileHash,
  fileSize,
  others,
  references,
  deriver: from,
  ...info
}: NarInfoLines): Omit<NarInfo, 'text'> => ({
  path,
  info: {
    ...info,
    deriver: filter((path): path is StorePath => path !== null)(from),
    references: getOrElse((): NarInfo['info']['references'] => [])(references),
    registrationTime: 0n,
    ultimate: false,
  },
  url,
  compression: getOrElse(() => usualCompression)(compression),
  fileHash,
  fileSize,
  others,
})

const refused = (field: string, expected: string, actual: unknown): Either<FieldIssue, never> =>
  left({ position: 0, path: ['info', field], expected, actual: show(actual) })

const toLines = ({ path, info, ...file }: Omit<NarInfo, 'text'>): Either<FieldIssue, NarInfoLines> => {
  const { registrationTime, ultimate, references, ...others } = info
  if (registrationTime !== 0n)
    return refused('registrationTime', '0, since no narinfo has it', registrationTime)
  if (ultimate) return refused('ultimate', 'false, since no narinfo has it', ultimate)
  const { url, compression, fileHash, fileSize } = file
  return right({
    path,
    ...others,
    references: some(references),
    url,
    compression: some(compression),
    fileHash,
    fileSize,
    others: file.others,
  })
}

const usual = {
  parse: (text: string, protocol: Protocol) => map(fromLines)(parseLines(description, text, protocol)),
  print: (value: Omit<NarInfo, 'text'>, protocol: Protocol) =>
    chain((lines: NarInfoLines) => printLines(description, lines, protocol))(toLines(value)),
}

/**
 * The text of a `.narinfo` file: lines `Name: value`, each ended by a newline, each at most once except `Sig`.
 * `StorePath`, `URL`, `NarHash` and `NarSize` are required. Lines with other names are kept in their places. If Nix
 * would write the file differently (in another order, with a hash in base16), the value keeps its text.
 *
 * ```ts
 * import { NarInfo, showStoreTextIssue } from 'nix-wire/store'
 * import { either as E, function as F } from 'fp-ts'
 *
 * const file = `StorePath: /nix/store/c0j2xd95yiaxwalbpvja947x0ivdbxkx-pkgdepends_0.2.0.tar.gz
 * URL: nar/0f0njprfkkp2kkdk0v8i79cg25ss501dcqdl20x60g1a0lk8hph5.nar.xz
 * Compression: xz
 * FileHash: sha256:0f0njprfkkp2kkdk0v8i79cg25ss501dcqdl20x60g1a0lk8hph5
 * FileSize: 294376
 * NarHash: sha256:0qf4kam1lkvbkmx0br65919pgrgs91ivjpvgpgj296ply1j0c2ks
 * NarSize: 294304
 * References:${' '}
 * CA: fixed:sha256:152dpxrsdw5rp0zi0h65p6q0a2hs076wbjpslj5hhqwnwphdpbsr
 * `
 * F.pipe(
 *   NarInfo.parse(file),
 *   E.map(({ path, info, compression }) => [path, info.narSize, compression]),
 * )
 * // => {
 * //   _tag: 'Right',
 * //   right: ['/nix/store/c0j2xd95yiaxwalbpvja947x0ivdbxkx-pkgdepends_0.2.0.tar.gz', 294304n, 'xz'],
 * // }
 * F.pipe(NarInfo.parse(file.replace('294304', 'large')), E.mapLeft(showStoreTextIssue))
 * // => { _tag: 'Left', left: '7:10: info.narSize: expected a decimal number, got "large"' }
 * ```
 *
 * Source: the reference implementation, which ignores lines with unknown names.
 */
export const NarInfo: StoreText<NarInfo> = new StoreText<NarInfo>({
  name: 'NarInfo',
  summary: 'a narinfo',
  syntax: [
    {
      rules: [
        'NarInfo = { Name ": " Value <newline> }',
        'Name = "StorePath" | "URL" | "Compression" | "FileHash" | "FileSize" | "NarHash" | "NarSize" | "References" | "Deriver" | "Sig" | "CA" | <another name>',
        'Value = <what the name asks for>',
      ],
      note: 'StorePath, URL, NarHash and NarSize must be there; each name but Sig stands there once.',
    },
  ],
  ...keepingText<Omit<NarInfo, 'text'>>(usual),
  texts: lineTexts(description),
  broken: (value, protocol) => {
    const lines = toLines(value)
    return isLeft(lines) ? [] : brokenLines(description, lines.right, protocol)
  },
})

/**
 * Makes the narinfo of a path from the path info of a daemon and the file of the archive. `registrationTime` and
 * `ultimate` are left out, since they belong to a store.
 */
export const narInfoOf = (
  { path, info }: ValidPathInfo,
  { url, compression, fileHash, fileSize }: NarFile,
): NarInfo => ({
  path,
  info: { ...info, registrationTime: 0n, ultimate: false },
  url,
  compression,
  fileHash,
  fileSize,
  others: [],
  text: none,
})
