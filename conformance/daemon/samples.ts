import { isLeft } from 'fp-ts/lib/Either.js'
import { none, some } from 'fp-ts/lib/Option.js'
import { joined } from '../../bytes/joined.js'
import { showIssue } from '../../combinators/issue.js'
import { AddMultipleInfo } from '../../grammar/add-multiple-to-store.js'
import { ExportInfo } from '../../grammar/export.js'
import type { UnkeyedValidPathInfo, ValidPathInfo } from '../../grammar/path-info.js'
import { contentAddressedPath } from '../../store/store-path.js'
import { contentAddressOf, hashFromBytes, type NARHash } from '../../types/index.js'
import { encoded, numberBytes } from './bytes.js'
import { type Facts, fileNar, sha256 } from './facts.js'

/** A path that is not in the store yet, with its archive. */
export interface FreshPath {
  readonly info: ValidPathInfo
  readonly nar: Uint8Array
}

/** Makes a content-addressed path whose file contains its name. */
export const freshPath = ({ storeDir }: Pick<Facts, 'storeDir'>, name: string): FreshPath => {
  const nar = fileNar(new TextEncoder().encode(`${name} of nix-wire conformance\n`))
  const narHash = sha256(nar)
  const hash = hashFromBytes('sha256', Buffer.from(narHash, 'hex'))
  if (isLeft(hash)) {
    throw new Error(hash.left)
  }
  const ca = contentAddressOf('NixArchive', hash.right)
  const path = contentAddressedPath({ name, ca }, { storeDir })
  if (isLeft(path)) {
    throw new Error(showIssue(path.left))
  }
  const info: UnkeyedValidPathInfo = {
    deriver: none,
    narHash: narHash as NARHash,
    references: [],
    registrationTime: 0n,
    narSize: BigInt(nar.length),
    ultimate: false,
    signatures: [],
    ca: some(ca),
  }
  return { info: { path: path.right, info }, nar }
}

/** The content of an AddMultipleToStore upload. */
export const manyPaths = (
  { storeDir }: Pick<Facts, 'storeDir'>,
  paths: ReadonlyArray<FreshPath>,
): Uint8Array =>
  joined([
    numberBytes(paths.length),
    ...paths.flatMap(({ info, nar }) => [encoded(AddMultipleInfo, { storeDir }, info), nar]),
  ])

/** An export of one path, up to its end mark. */
export const exportOf = ({ storeDir }: Pick<Facts, 'storeDir'>, { info, nar }: FreshPath): Uint8Array => {
  const { path } = info
  const exported = encoded(ExportInfo, { storeDir }, { path, references: [], deriver: none })
  return joined([numberBytes(1), nar, exported, numberBytes(0)])
}
