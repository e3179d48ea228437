import { sha256 } from '@noble/hashes/sha2.js'
import type { Hashing } from '../conversation/machine/meter.js'

export type NewSha256 = () => Hashing

interface Crypto {
  readonly createHash: (algorithm: string) => Hashing
}

interface Platform {
  readonly process?: { readonly getBuiltinModule?: (name: string) => unknown }
}

/**
 * The hash that the platform brings, which is fast; without an import, which browsers could not follow, and asked for
 * when the first hash is: Node takes milliseconds to load it.
 */
const ofPlatform = (): Crypto | undefined =>
  (globalThis as Platform).process?.getBuiltinModule?.('node:crypto') as Crypto | undefined

export const newSha256: NewSha256 = () => ofPlatform()?.createHash('sha256') ?? sha256.create()
