import { none, some } from 'fp-ts/lib/Option.js'
import { memoryStore } from '../../daemon/served-store/memory-store.js'
import type { Store } from '../../daemon/served-store/store.js'
import type { UnkeyedValidPathInfo, ValidPathInfo } from '../../grammar/path-info.js'
import type { NARHash, Signature, StorePath } from '../../types/index.js'
import { fileNar, sha256 } from '../daemon/facts.js'
import { freshPath } from '../daemon/samples.js'
import type { Known } from './case.js'

const hashPart = `${'0'.repeat(31)}1`

/** The path that a client should query. It has a reference to another one. */
export const knownPath = (storeDir: string): StorePath =>
  `${storeDir}/${hashPart}-nix-wire-branch` as StorePath

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

/** A store with two paths, always the same, whose path infos use every field. */
export const exampleStore = async ({ path, storeDir }: Known): Promise<Store> => {
  const store = memoryStore({ storeDir })
  const add = async (info: ValidPathInfo, nar: Uint8Array): Promise<void> => {
    await (await store.receive(once(nar))).keep(info)
  }
  const leaf = freshPath({ storeDir }, 'nix-wire-leaf')
  await add(leaf.info, leaf.nar)
  const nar = fileNar(new TextEncoder().encode(`holds ${leaf.info.path}\n`))
  const info: UnkeyedValidPathInfo = {
    deriver: some(`${storeDir}/${hashPart}-nix-wire-branch.drv` as StorePath),
    narHash: sha256(nar) as NARHash,
    references: [leaf.info.path],
    registrationTime: 1_000_000_000n,
    narSize: BigInt(nar.length),
    ultimate: true,
    signatures: [`nix-wire-1:${'A'.repeat(86)}==` as Signature],
    ca: none,
  }
  await add({ path, info }, nar)
  return store
}
