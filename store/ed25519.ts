import { builtin, webCrypto } from './sha256.js'

/** Synchronous Ed25519. A secret key is its seed of 32 bytes. */
export interface Ed25519 {
  readonly sign: (seed: Uint8Array, message: Uint8Array) => Uint8Array
  readonly verify: (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean
}

/** The same, asynchronous. */
export type Ed25519Later = {
  readonly [K in keyof Ed25519]: (...given: Parameters<Ed25519[K]>) => Promise<ReturnType<Ed25519[K]>>
}

export const seedSize = 32
export const publicKeySize = 32
export const signatureSize = 64

// The bytes before a key in the two formats that all implementations read.
const pkcs8 = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20]
const spki = [0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0]

const behind = (head: ReadonlyArray<number>, bytes: Uint8Array): Uint8Array<ArrayBuffer> => {
  const joined = new Uint8Array(head.length + bytes.length)
  joined.set(head)
  joined.set(bytes, head.length)
  return joined
}

interface NodeCrypto {
  readonly createPrivateKey: (from: object) => unknown
  readonly createPublicKey: (from: object) => unknown
  readonly sign: (algorithm: null, message: Uint8Array, key: unknown) => Uint8Array
  readonly verify: (algorithm: null, message: Uint8Array, key: unknown, signature: Uint8Array) => boolean
}

const ofNode = (crypto: NodeCrypto): Ed25519 => ({
  sign: (seed, message) => {
    const key = crypto.createPrivateKey({ key: behind(pkcs8, seed), format: 'der', type: 'pkcs8' })
    return new Uint8Array(crypto.sign(null, message, key))
  },
  verify: (publicKey, message, signature) => {
    const key = crypto.createPublicKey({ key: behind(spki, publicKey), format: 'der', type: 'spki' })
    return crypto.verify(null, message, key, signature)
  },
})

const nodes = (): Ed25519 | undefined => {
  const crypto = builtin<Partial<NodeCrypto>>('node:crypto')
  // Other runtimes have the module, but only parts of it.
  return crypto?.createPrivateKey && crypto.sign && crypto.verify ? ofNode(crypto as NodeCrypto) : undefined
}

/**
 * The given ed25519, or Node's.
 *
 * @throws TypeError if there is neither.
 */
export const synchronousEd25519 = (given: Ed25519 | undefined): Ed25519 => {
  const found = given ?? nodes()
  if (found === undefined) {
    throw new TypeError('there is no ed25519 here that answers at once: give one as ed25519, or use tasks')
  }
  return found
}

/** WebCrypto's, or Node's, which does the same without the warning that WebCrypto's is experimental. */
export const ed25519Later = (): Ed25519Later => {
  const node = nodes()
  return node === undefined
    ? ofWeb
    : {
        sign: async (seed, message) => node.sign(seed, message),
        verify: async (publicKey, message, signature) => node.verify(publicKey, message, signature),
      }
}

const algorithm = { name: 'Ed25519' }

/** @internal exported for the tests, which run it beside the other. */
export const ofWeb: Ed25519Later = {
  sign: async (seed, message) => {
    const key = await webCrypto().importKey('pkcs8', behind(pkcs8, seed), algorithm, false, ['sign'])
    return new Uint8Array(await webCrypto().sign(algorithm, key, message as Uint8Array<ArrayBuffer>))
  },
  verify: async (publicKey, message, signature) => {
    const key = await webCrypto().importKey('spki', behind(spki, publicKey), algorithm, false, ['verify'])
    return webCrypto().verify(
      algorithm,
      key,
      signature as Uint8Array<ArrayBuffer>,
      message as Uint8Array<ArrayBuffer>,
    )
  },
}
