import { isRight } from 'fp-ts/lib/Either.js'
import { isSome } from 'fp-ts/lib/Option.js'
import { nixProtocol } from '../../grammar/index.js'
import { ValidPathInfo } from '../../grammar/path-info.js'
import { type Json, toJson } from '../../interpreters/json/index.js'
import { withSignature } from '../../store/fingerprint.js'
import { PublicKey, parseSecretKey, type SecretKey } from '../../store/keys.js'
import { NarInfo } from '../../store/nar-info.js'
import type { StoreOptions } from '../../store/options.js'
import { sign, type Verdict, verify } from '../../store/signatures.js'
import { contentAddressedPath } from '../../store/store-path.js'
import { contentAddressHash, type Hash, hashTo, showTextIssue, storePathNameOf } from '../../types/index.js'
import { Failure } from '../failure.js'
import { readAll } from '../files.js'
import { showName } from '../nar/show.js'
import { write } from '../terminal.js'
import { jsonText, visible } from '../visible.js'
import { computed, isLikeSecretKey, readText, storeOf, type TextOptions } from './read.js'

const textOf = (hash: Hash): string => `${hash.algorithm}:${hashTo('nix32', hash)}`

const pathInfoJson = ({ path, info }: NarInfo, store: StoreOptions): object =>
  computed(toJson(ValidPathInfo, nixProtocol(store), { path, info })) as object

const jsonOf = (info: NarInfo, store: StoreOptions): Json =>
  ({
    ...pathInfoJson(info, store),
    url: info.url,
    compression: info.compression,
    fileHash: isSome(info.fileHash) ? textOf(info.fileHash.value) : null,
    fileSize: isSome(info.fileSize) ? info.fileSize.value : null,
    others: info.others,
  }) as unknown as Json

const rowsOf = ({ path, info, url, compression, fileHash, fileSize, others }: NarInfo) => [
  ['path', path],
  ['url', url],
  ['compression', compression],
  ...(isSome(fileHash) ? [['file hash', textOf(fileHash.value)]] : []),
  ...(isSome(fileSize) ? [['file size', `${fileSize.value}`]] : []),
  ['NAR hash', textOf({ algorithm: 'sha256', digest: info.narHash })],
  ['NAR size', `${info.narSize}`],
  ...info.references.map((each, index) => [index === 0 ? 'references' : '', each]),
  ...(isSome(info.deriver) ? [['deriver', info.deriver.value]] : []),
  ...info.signatures.map((each, index) => [index === 0 ? 'signatures' : '', each]),
  ...(isSome(info.ca)
    ? [['content', `${info.ca.value._tag} ${textOf(contentAddressHash(info.ca.value))}`]]
    : []),
  ...others.map(({ name, value }) => [name, value]),
]

/** Shows the contents of a narinfo. */
export const show = async (file: string, options: TextOptions): Promise<void> => {
  const store = storeOf(options)
  const info = await readText(file, (bytes) => NarInfo.parse(bytes, store))
  await write(
    options.json === true
      ? `${jsonText(jsonOf(info, store), 2)}\n`
      : `${rowsOf(info)
          .map(([name = '', value = '']) => `${visible(name).padEnd(12)} ${visible(value)}`)
          .join('\n')}\n`,
  )
}

export interface VerifyOptions extends TextOptions {
  readonly key?: ReadonlyArray<string>
}

/** The key that Nix trusts by default. */
const usualKey = 'cache.nixos.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY='

/** The public key of an argument, which no message may show: it may be a secret key by mistake. */
const publicKey = (text: string): PublicKey => {
  const read = PublicKey.make(text)
  if (isRight(read)) return read.right
  throw new Failure(
    2,
    isRight(parseSecretKey(text))
      ? '--key takes a public key, but a secret one was given'
      : `the text of --key is not a public key: ${showTextIssue(read.left)}`,
  )
}

/** Whether the path follows from the content address, so that no signature is needed. */
const isContentAddressed = ({ path, info }: NarInfo, store: StoreOptions): boolean => {
  if (!isSome(info.ca)) return false
  const references = info.references.filter((each) => each !== path)
  const self = references.length < info.references.length
  const made = contentAddressedPath(
    { name: storePathNameOf(path), ca: info.ca.value, references, self },
    store,
  )
  return made._tag === 'Right' && made.right === path
}

const shown = ({ signature, is }: Verdict): string => `${is.padEnd(9)} ${visible(signature)}`

/** Verifies the signatures of a narinfo; ends with 1 unless one is good, or the path follows from the contents. */
export const verifyFile = async (file: string, options: VerifyOptions): Promise<void> => {
  const store = storeOf(options)
  const keys = (options.key ?? [usualKey]).map(publicKey)
  const info = await readText(file, (bytes) => NarInfo.parse(bytes, store))
  const verdicts = computed(verify(info, keys, store))
  const contentAddressed = isContentAddressed(info, store)
  const valid = contentAddressed || verdicts.some(({ is }) => is === 'good')
  if (options.json === true) {
    await write(`${jsonText({ path: info.path, valid, contentAddressed, signatures: verdicts }, 2)}\n`)
  } else {
    const lines = verdicts.map(shown)
    await write(
      [...lines, ...(contentAddressed ? ['good      (the path is content-addressed)'] : [])]
        .map((line) => `${line}\n`)
        .join(''),
    )
  }
  if (!valid) {
    throw new Failure(1, `no good signature of ${info.path}`)
  }
}

export interface SignOptions extends TextOptions {
  readonly keyFile: string
}

const secretKey = async (file: string): Promise<SecretKey> => {
  if (isLikeSecretKey(file)) {
    throw new Failure(2, '--key-file takes the name of a file, but a secret key was given')
  }
  const text = Buffer.from(await readAll(file)).toString('latin1')
  const read = parseSecretKey(text)
  if (isRight(read)) return read.right
  const { expected, actual } = read.left
  throw new Failure(
    1,
    isRight(PublicKey.make(text.replace(/\n$/, '')))
      ? `${showName(file)} has a public key, but signing takes a secret key`
      : `${showName(file)} has no secret key: expected ${expected}, got ${actual}`,
  )
}

/** Prints a narinfo with another signature added. */
export const signFile = async (file: string, options: SignOptions): Promise<void> => {
  const store = storeOf(options)
  const key = await secretKey(options.keyFile)
  const info = await readText(file, (bytes) => NarInfo.parse(bytes, store))
  const signature = computed(sign(info, key, store))
  const signed = withSignature(info, signature)
  if (options.json === true) {
    await write(`${jsonText({ path: info.path, signature }, 2)}\n`)
    return
  }
  await write(computed(NarInfo.print(signed, store)))
}
