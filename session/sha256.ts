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
 * The platform's hash, which is fast. It is loaded without an import, which browsers could not resolve, and only for
 * the first hash: Node takes milliseconds to load it.
 */
const ofPlatform = (): Crypto | undefined =>
  (globalThis as Platform).process?.getBuiltinModule?.('node:crypto') as Crypto | undefined

export const newSha256: NewSha256 = () => ofPlatform()?.createHash('sha256') ?? sha256.create()
