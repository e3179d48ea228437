import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import type * as t from 'io-ts'
import { expectText } from '../combinators/expect.js'
import type { Issue } from '../combinators/issue.js'
import { alphabet, type TextIssue } from '../combinators/text-format.js'
import { brandedFormat } from '../types/branded-format.js'
import { fromBase64, TextType, toBase64 } from '../types/index.js'
import { issueAtIndex } from '../types/text-parser.js'
import { publicKeySize, seedSize } from './ed25519.js'
import { invalidValue } from './issue.js'

export interface PublicKeyBrand {
  readonly PublicKey: unique symbol
}

/**
 * A public ed25519 key as Nix writes it: the name of the key, `:`, 32 bytes in base64.
 *
 * ```ts
 * import { PublicKey } from 'nix-wire/store'
 *
 * PublicKey.is('cache.nixos.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=') // => true
 * PublicKey.is('cache.nixos.org-1:6NCHdD59') // => false
 * ```
 *
 * Base64 without padding or with stray bits is accepted and normalised. Issues: no `:`, an empty name, a character
 * that is not base64, another number of bytes. Source: the reference implementation.
 */
export type PublicKey = t.Branded<string, PublicKeyBrand>

const sextets = 'A-Za-z0-9+/'
const withoutStrayBits = 'AEIMQUYcgkosw048'

/** Issues show nothing of the text: in place of a public key there may be a secret one by mistake. */
const publicKey = (text: string): Either<TextIssue, string> => {
  const colon = text.indexOf(':')
  if (colon < 1) {
    return left({ ...issueAtIndex(text, 0, 'the name of a key and ":"'), actual: 'another text' })
  }
  const bytes = fromBase64(text.slice(colon + 1))
  if (isLeft(bytes)) {
    const before = issueAtIndex(text, colon + 1, '').position
    return left({ ...bytes.left, actual: 'another text', position: before + bytes.left.position })
  }
  return bytes.right.length === publicKeySize
    ? right(`${text.slice(0, colon)}:${toBase64(bytes.right)}`)
    : left({
        ...issueAtIndex(text, colon + 1, `${publicKeySize} bytes in base64`),
        actual: `${bytes.right.length} bytes`,
      })
}

export const PublicKey: TextType<PublicKey> = new TextType(
  brandedFormat<PublicKey>({
    name: 'PublicKey',
    summary: 'a public key',
    pattern: [
      { _tag: 'chars', alphabet: alphabet('a-zA-Z0-9._-'), min: 1, max: 100 },
      { _tag: 'literal', text: ':' },
      { _tag: 'chars', alphabet: alphabet(sextets), min: 42, max: 42 },
      { _tag: 'chars', alphabet: withoutStrayBits, min: 1, max: 1 },
      { _tag: 'literal', text: '=' },
    ],
    normalise: publicKey,
  }),
)

/** The bytes of a public key. */
export const publicKeyBytes = (key: PublicKey): Uint8Array => {
  const bytes = fromBase64(key.slice(key.indexOf(':') + 1))
  if (bytes._tag === 'Right' && bytes.right.length === publicKeySize) return bytes.right
  throw new TypeError('not a public key')
}

/** A secret ed25519 key. Only its name and its public key are visible; the secret is in no message, issue or JSON. */
export interface SecretKey {
  readonly name: string
  readonly publicKey: PublicKey
}

class HeldKey implements SecretKey {
  readonly name: string
  readonly publicKey: PublicKey
  readonly #seed: Uint8Array

  constructor(name: string, bytes: Uint8Array) {
    this.name = name
    this.publicKey = `${name}:${toBase64(bytes.subarray(seedSize))}` as PublicKey
    this.#seed = bytes.slice(0, seedSize)
  }

  static seedOf(key: SecretKey): Uint8Array {
    if (typeof key === 'object' && key !== null && #seed in key) {
      return key.#seed
    }
    throw new TypeError('a secret key must be one that parseSecretKey gave')
  }
}

/** The seed of a secret key, for the computation itself. */
export const secretSeed = (key: SecretKey): Uint8Array => HeldKey.seedOf(key)

const refuse = (expected: string, actual: string): Either<Issue, never> =>
  invalidValue('SecretKey', [], expected, actual)

/**
 * Parses a secret key as `nix key generate-secret` and `nix-store --generate-binary-cache-key` write it: the name of
 * the key, `:`, and 64 bytes in base64 (the seed and the public key). A newline may follow.
 *
 * ```ts
 * import { parseSecretKey } from 'nix-wire/store'
 *
 * const key = parseSecretKey(`example-1:${'A'.repeat(86)}==`)
 * key._tag === 'Right' && JSON.stringify(key.right)
 * // => '{"name":"example-1","publicKey":"example-1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}'
 * ```
 *
 * Issues: `InvalidValue`, without any part of the text. Source: the reference implementation.
 */
export const parseSecretKey = (text: string): Either<Issue, SecretKey> => {
  expectText('a secret key', text)
  const trimmed = text.replace(/\n$/, '')
  const colon = trimmed.indexOf(':')
  if (colon < 1) return refuse('the name of a key and ":"', 'another text')
  const bytes = fromBase64(trimmed.slice(colon + 1))
  const expected = `${seedSize + publicKeySize} bytes in base64`
  if (isLeft(bytes)) return refuse(expected, 'another text')
  return bytes.right.length === seedSize + publicKeySize
    ? right(new HeldKey(trimmed.slice(0, colon), bytes.right))
    : refuse(expected, `${bytes.right.length} bytes`)
}
