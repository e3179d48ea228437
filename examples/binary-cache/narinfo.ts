import { option as O } from 'fp-ts'
import type { UnkeyedValidPathInfo } from 'nix-wire/grammar'
import {
  baseStorePathOf,
  ContentAddress,
  fromBase16,
  type StorePath,
  storePathHashOf,
  toNix32,
} from 'nix-wire/types'

/** The hash as Nix prints it. */
const nix32Of = (info: UnkeyedValidPathInfo): string => {
  const bytes = fromBase16(info.narHash)
  return bytes._tag === 'Right' ? toNix32(bytes.right) : ''
}

/** Where the archive is; with its hash, so that a cache in between never gives an old one. */
export const narUrl = (path: StorePath, info: UnkeyedValidPathInfo): string =>
  `nar/${storePathHashOf(path)}-${nix32Of(info)}.nar`

/** What a binary cache says of a path. */
export const narInfo = (path: StorePath, info: UnkeyedValidPathInfo): string =>
  [
    `StorePath: ${path}`,
    `URL: ${narUrl(path, info)}`,
    'Compression: none',
    `NarHash: sha256:${nix32Of(info)}`,
    `NarSize: ${info.narSize}`,
    `References: ${info.references.map(baseStorePathOf).join(' ')}`,
    ...(O.isSome(info.deriver) ? [`Deriver: ${baseStorePathOf(info.deriver.value)}`] : []),
    ...info.signatures.map((signature) => `Sig: ${signature}`),
    ...(O.isSome(info.ca) ? [`CA: ${ContentAddress.encode(info.ca.value)}`] : []),
    '',
  ].join('\n')
