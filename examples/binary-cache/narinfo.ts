import { either as E, function as F, option as O } from 'fp-ts'
import { type Issue, showIssue } from 'nix-wire'
import type { ValidPathInfo } from 'nix-wire/grammar'
import { NarInfo, narInfoOf, type SecretKey, sign, withSignature } from 'nix-wire/store'
import { fromBase16, hashFromBytes, storePathHashOf, toNix32 } from 'nix-wire/types'

/** The value, or the end of the request: what a daemon tells has these forms. */
export const orThrow = <A>(result: E.Either<Issue, A>): A =>
  E.getOrElse((issue: Issue): A => {
    throw new Error(showIssue(issue))
  })(result)

const digestOf = ({ info }: ValidPathInfo): Uint8Array =>
  E.getOrElse((): Uint8Array => {
    throw new Error(`no hash: ${info.narHash}`)
  })(fromBase16(info.narHash))

/** Where the archive is; with its hash, so that a cache in between never gives an old one. */
export const narUrl = (of: ValidPathInfo): string =>
  `nar/${storePathHashOf(of.path)}-${toNix32(digestOf(of))}.nar`

/** What a binary cache says of a path, signed where there is a key. */
export const narInfo = (of: ValidPathInfo, key: SecretKey | null, storeDir: string): Uint8Array => {
  const signed =
    key === null
      ? E.right(of)
      : F.pipe(
          sign(of, key, { storeDir }),
          E.map((signature) => withSignature(of, signature)),
        )
  return F.pipe(
    signed,
    E.map((path) =>
      narInfoOf(path, {
        url: narUrl(of),
        compression: 'none',
        fileHash: O.fromEither(hashFromBytes('sha256', digestOf(of))),
        fileSize: O.some(of.info.narSize),
      }),
    ),
    E.chain((info) => NarInfo.print(info, { storeDir })),
    orThrow,
  )
}

/** The hash part that the name of a file begins with: `HASH.narinfo`, `HASH.ls`, `nar/HASH-….nar`. */
export const hashPartOf = (file: string): string =>
  /^\/(?:nar\/)?([0-9a-df-np-sv-z]{32})[.-]/.exec(file)?.[1] ?? ''
