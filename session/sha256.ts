import { sha256 } from '@noble/hashes/sha2.js'
import type { Hashing } from '../conversation/machine/meter.js'

export type NewSha256 = () => Hashing

interface Crypto {
  readonly createHash: (algorithm: string) => Hashing
}

interface Platform {
  readonly process?: { readonly getBuiltinModule?: (name: string) => unknown }
}

/** The hash that the platform brings, which is fast; without an import, which browsers could not follow. */
const platform = (globalThis as Platform).process?.getBuiltinModule?.('node:crypto') as Crypto | undefined

export const newSha256: NewSha256 = () => platform?.createHash('sha256') ?? sha256.create()
