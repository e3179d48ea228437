import { type Either, isLeft, right } from 'fp-ts/lib/Either.js'
import { encodeEscaped } from '../bytes/escaped.js'
import { expectArray } from '../combinators/expect.js'
import type { Issue } from '../combinators/issue.js'
import { checkOptions, type OptionChecks, record, usual } from '../combinators/options.js'
import type { Protocol } from '../combinators/protocol.js'
import { Signature, signatureBytes, signatureKeyName, toBase64 } from '../types/index.js'
import {
  type Ed25519,
  type Ed25519Later,
  ed25519Later,
  signatureSize,
  synchronousEd25519,
} from './ed25519.js'
import { fingerprintIn, type Signable } from './fingerprint.js'
import { invalidValue } from './issue.js'
import { type PublicKey, publicKeyBytes, type SecretKey, secretSeed } from './keys.js'
import { protocolIn, type StoreOptions, storeProtocol } from './options.js'

/** The options of signing and verifying. */
export interface SigningOptions extends StoreOptions {
  /** A synchronous ed25519. Default: that of Node. */
  readonly ed25519?: Ed25519
}

/** The result of verifying a signature. */
export interface Verdict {
  readonly signature: string
  /**
   * `good`; `wrong`: not a signature of this value by the key of that name; `unknown`: by a key that is not given;
   * `malformed`: not an ed25519 signature.
   */
  readonly is: 'good' | 'wrong' | 'unknown' | 'malformed'
}

type Ask =
  | { readonly seed: Uint8Array; readonly message: Uint8Array }
  | { readonly publicKey: Uint8Array; readonly message: Uint8Array; readonly signature: Uint8Array }

/** A computation that makes or checks signatures. */
type Signing<A> = Generator<Ask, A, Uint8Array | boolean>

function* signatureOf(key: SecretKey, message: Uint8Array): Signing<Uint8Array> {
  return (yield { seed: secretSeed(key), message }) as Uint8Array
}

function* isSignature(key: PublicKey, message: Uint8Array, signature: Uint8Array): Signing<boolean> {
  return (yield { publicKey: publicKeyBytes(key), message, signature }) as boolean
}

const signNow = <A>(signing: Signing<A>, ed25519: Ed25519): A => {
  let step = signing.next()
  while (step.done !== true) {
    const ask = step.value
    step = signing.next(
      'seed' in ask
        ? ed25519.sign(ask.seed, ask.message)
        : ed25519.verify(ask.publicKey, ask.message, ask.signature),
    )
  }
  return step.value
}

const signLater = async <A>(signing: Signing<A>, ed25519: Ed25519Later): Promise<A> => {
  let step = signing.next()
  while (step.done !== true) {
    const ask = step.value
    step = signing.next(
      'seed' in ask
        ? await ed25519.sign(ask.seed, ask.message)
        : await ed25519.verify(ask.publicKey, ask.message, ask.signature),
    )
  }
  return step.value
}

const signingChecks: OptionChecks<SigningOptions> = { storeDir: usual.storeDir, ed25519: record }

const signedAtOnce = <A>(
  of: string,
  options: SigningOptions,
  steps: (protocol: Protocol) => Signing<A>,
): A => {
  checkOptions(of, signingChecks, options)
  return signNow(steps(protocolIn(options)), synchronousEd25519(options.ed25519))
}

const signedLater = <A>(
  of: string,
  options: StoreOptions,
  steps: (protocol: Protocol) => Signing<A>,
): (() => Promise<A>) => {
  const protocol = storeProtocol(of, options)
  return () => signLater(steps(protocol), ed25519Later())
}

function* signSteps(of: Signable, key: SecretKey, protocol: Protocol): Signing<Either<Issue, Signature>> {
  const fingerprint = fingerprintIn(of, protocol)
  if (isLeft(fingerprint)) return fingerprint
  const message = encodeEscaped(fingerprint.right)
  const bytes = yield* signatureOf(key, message)
  // Signing with a seed and the public key of another key would reveal the seed, signature by signature.
  return (yield* isSignature(key.publicKey, message, bytes))
    ? right(`${key.name}:${toBase64(bytes)}` as Signature)
    : invalidValue('SecretKey', [], 'a seed and its own public key', 'another public key')
}

/**
 * Signs a path info or a realisation: its fingerprint, with ed25519. {@link withSignature} adds the signature.
 *
 * Issues: those of {@link fingerprint}; `InvalidValue` for a key whose public key does not belong to its seed.
 */
export const sign = (of: Signable, key: SecretKey, options: SigningOptions = {}): Either<Issue, Signature> =>
  signedAtOnce('sign', options, (protocol) => signSteps(of, key, protocol))

const signaturesOf = (of: Signable): ReadonlyArray<string> =>
  'info' in of ? of.info.signatures : of.signatures

const nameOfKey = (key: PublicKey): string => key.slice(0, key.indexOf(':'))

function* verifySteps(
  of: Signable,
  keys: ReadonlyArray<PublicKey>,
  protocol: Protocol,
): Signing<Either<Issue, ReadonlyArray<Verdict>>> {
  const fingerprint = fingerprintIn(of, protocol)
  if (isLeft(fingerprint)) return fingerprint
  const message = encodeEscaped(fingerprint.right)
  // As in Nix, the last of two keys with one name counts.
  const named = new Map(keys.map((key) => [nameOfKey(key), key]))
  const verdicts: Array<Verdict> = []
  for (const signature of signaturesOf(of)) {
    const read = Signature.make(signature)
    const bytes = isLeft(read) ? undefined : signatureBytes(read.right)
    if (isLeft(read) || bytes?.length !== signatureSize) {
      verdicts.push({ signature, is: 'malformed' })
      continue
    }
    const key = named.get(signatureKeyName(read.right))
    const is = key === undefined ? 'unknown' : (yield* isSignature(key, message, bytes)) ? 'good' : 'wrong'
    verdicts.push({ signature, is })
  }
  return right(verdicts)
}

const checkKeys = (keys: ReadonlyArray<PublicKey>): void => {
  expectArray('the keys', keys)
  for (const key of keys) {
    publicKeyBytes(key)
  }
}

/**
 * Verifies each signature of a path info or a realisation, in their order.
 *
 * ```ts
 * import { NarInfo, PublicKey, verify } from 'nix-wire/store'
 * import { either as E, function as F } from 'fp-ts'
 *
 * const file = `StorePath: /nix/store/c0j2xd95yiaxwalbpvja947x0ivdbxkx-pkgdepends_0.2.0.tar.gz
 * URL: nar/0f0njprfkkp2kkdk0v8i79cg25ss501dcqdl20x60g1a0lk8hph5.nar.xz
 * NarHash: sha256:0qf4kam1lkvbkmx0br65919pgrgs91ivjpvgpgj296ply1j0c2ks
 * NarSize: 294304
 * Sig: cache.nixos.org-1:NwwLds6UjG5WF/T3vdXjYKRMyd6HHx84XD/lOTgWY6tVOvlauyVmwYITFfhRrwtCnsa9GRkC6zCA10Tx+vHgAg==
 * `
 * const verdictsOf = (text: string) =>
 *   F.pipe(
 *     E.Do,
 *     E.apS('info', NarInfo.parse(text)),
 *     E.apSW('key', PublicKey.make('cache.nixos.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=')),
 *     E.chainW(({ info, key }) => verify(info, [key])),
 *     E.map((verdicts) => verdicts.map(({ is }) => is)),
 *   )
 * verdictsOf(file) // => { _tag: 'Right', right: ['good'] }
 * verdictsOf(file.replace('294304', '294305')) // => { _tag: 'Right', right: ['wrong'] }
 * ```
 *
 * Issues: those of {@link fingerprint}.
 *
 * @throws TypeError for an invalid key (its brand came from a cast).
 */
export const verify = (
  of: Signable,
  keys: ReadonlyArray<PublicKey>,
  options: SigningOptions = {},
): Either<Issue, ReadonlyArray<Verdict>> => {
  checkKeys(keys)
  return signedAtOnce('verify', options, (protocol) => verifySteps(of, keys, protocol))
}

/** {@link sign}, asynchronous. */
export const signTask = (of: Signable, key: SecretKey, options: StoreOptions = {}) =>
  signedLater('sign', options, (protocol) => signSteps(of, key, protocol))

/** {@link verify}, asynchronous. */
export const verifyTask = (of: Signable, keys: ReadonlyArray<PublicKey>, options: StoreOptions = {}) => {
  checkKeys(keys)
  return signedLater('verify', options, (protocol) => verifySteps(of, keys, protocol))
}
