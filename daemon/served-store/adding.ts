import { isRight } from 'fp-ts/lib/Either.js'
import { isSome, none, some } from 'fp-ts/lib/Option.js'
import { encodeEscaped } from '../../bytes/escaped.js'
import type { ExportInfo } from '../../grammar/export.js'
import type { UnkeyedValidPathInfo, ValidPathInfo } from '../../grammar/path-info.js'
import type { PublicKey } from '../../store/keys.js'
import { verify } from '../../store/signatures.js'
import { MeasuredNar } from '../../stream/measured-nar.js'
import { readPathsToAdd } from '../../stream/paths-to-add.js'
import {
  type ContentAddressMethodWithAlgo,
  type StorePath,
  StorePathName,
  storePathNameOf,
} from '../../types/index.js'
import { RemoteError } from '../failure.js'
import type { ServedUpload } from '../server-types.js'
import { addressedPath, ContentHash } from './content-hash.js'
import { archiveOfFile, dumpOf, isOfFile } from './dump.js'
import type { GateKeeper } from './gate-keeper.js'
import { PathLocks } from './path-locks.js'
import type { Arrival, Store } from './store.js'

/** Keeps a path and its references as long as the connection lasts. */
export type Keep = (path: StorePath) => void

interface ToAdd {
  readonly name: string
  readonly method: ContentAddressMethodWithAlgo
  readonly references: ReadonlyArray<StorePath>
}

/**
 * Adds paths to a store. Archives arrive independently, and each is put in its place after it was found to match its
 * announcement: two clients that send the same path both succeed, and the second copy is dropped. So no client waits
 * for another.
 */
export class Adding {
  readonly #store: Store
  readonly #gate: GateKeeper
  readonly #keys: ReadonlyArray<PublicKey>
  readonly #locks = new PathLocks()

  constructor(store: Store, gate: GateKeeper, keys: ReadonlyArray<PublicKey>) {
    this.#store = store
    this.#gate = gate
    this.#keys = keys
  }

  /** The upload of AddToStore. */
  async upload(request: ToAdd, call: ServedUpload, keep: Keep): Promise<ValidPathInfo> {
    return this.#addressed(request, dumpOf(request, call), keep)
  }

  /** The request of AddTextToStore. */
  async text(
    name: string,
    text: string,
    references: ReadonlyArray<StorePath>,
    keep: Keep,
  ): Promise<ValidPathInfo> {
    const chunks = async function* (): AsyncGenerator<Uint8Array, void> {
      yield encodeEscaped(text)
    }
    return this.#addressed(
      { name, method: { _tag: 'Text', algorithm: 'sha256' }, references },
      chunks(),
      keep,
    )
  }

  /** The upload of AddToStoreNar. */
  async nar(info: ValidPathInfo, { upload, trusted }: ServedUpload, keep: Keep): Promise<void> {
    await this.#announced(info, upload, trusted, keep)
  }

  /** The upload of AddMultipleToStore. */
  async many({ upload, trusted, protocol }: ServedUpload, keep: Keep): Promise<void> {
    for await (const { info, nar } of readPathsToAdd(upload, { protocol })) {
      await this.#announced(info, nar, trusted, keep)
    }
  }

  /** An archive in an export, whose info comes after it and has no hash of its contents. */
  async exported(
    source: AsyncIterable<Uint8Array>,
    infoAfter: () => ExportInfo,
    keep: Keep,
  ): Promise<StorePath> {
    const [nar, arrival] = await this.#archive(source)
    return this.#settle(arrival, async () => {
      const { path, references, deriver } = infoAfter()
      const { narHash, narSize } = nar
      const rest = { registrationTime: now(), ultimate: false, signatures: [], ca: none }
      await this.#place({ path, info: { deriver, narHash, references, narSize, ...rest } }, arrival, keep)
      return path
    })
  }

  async #addressed(
    { name, method, references }: ToAdd,
    dump: AsyncIterable<Uint8Array>,
    keep: Keep,
  ): Promise<ValidPathInfo> {
    if (!StorePathName.is(name)) {
      throw new RemoteError('not a name of a store path')
    }
    const hash = new ContentHash(method)
    const [nar, arrival] = isOfFile(method)
      ? await this.#file(hash.through(dump))
      : await this.#archive(hash.through(dump))
    return this.#settle(arrival, async () => {
      const ca = hash.contentAddress()
      const path = addressedPath(this.#store.storeDir, name, ca, references)
      const info: UnkeyedValidPathInfo = {
        deriver: none,
        narHash: nar.narHash,
        references,
        registrationTime: now(),
        narSize: nar.narSize,
        ultimate: false,
        signatures: [],
        ca: some(ca),
      }
      return this.#place({ path, info }, arrival, keep)
    })
  }

  async #archive(source: AsyncIterable<Uint8Array>): Promise<readonly [MeasuredNar, Arrival]> {
    const nar = new MeasuredNar(source)
    return [nar, await this.#store.receive(nar)]
  }

  /** An archive has the size of a file before the file. */
  async #file(contents: AsyncIterable<Uint8Array>): Promise<readonly [MeasuredNar, Arrival]> {
    const held = await this.#store.hold(contents)
    try {
      return await this.#archive(archiveOfFile(held.size, held.read()))
    } finally {
      await held.drop()
    }
  }

  async #announced(
    { path, info }: ValidPathInfo,
    source: AsyncIterable<Uint8Array>,
    trusted: boolean,
    keep: Keep,
  ): Promise<void> {
    if ((await this.#store.info(path)) !== null) {
      keep(path)
      return
    }
    expectSignatures(info.signatures)
    const isTrusted = trusted || this.#isSigned({ path, info })
    const hash = isTrusted ? null : contentHashOf(path, info)
    const nar = new MeasuredNar(source)
    const arrival = await this.#store.receive(hash === null ? nar : hash.throughNar(nar))
    await this.#settle(arrival, async () => {
      if (nar.narSize !== info.narSize || nar.narHash !== info.narHash) {
        throw new RemoteError(
          `hash mismatch importing path '${path}': it was announced with ${info.narSize} bytes and sha256:${info.narHash}, ` +
            `and has ${nar.narSize} and sha256:${nar.narHash}`,
        )
      }
      if (hash !== null) {
        const named = addressedPath(
          this.#store.storeDir,
          storePathNameOf(path),
          hash.contentAddress(),
          info.references,
        )
        if (named !== path) {
          throw new RemoteError(`path '${path}' does not match its contents, whose path is '${named}'`)
        }
      }
      const registered = { ...info, registrationTime: now(), ultimate: false }
      await this.#place({ path, info: registered }, arrival, keep)
    })
  }

  /** Whether a trusted key has signed this info; a wrong hash of the archive is found after it has come. */
  #isSigned(valid: ValidPathInfo): boolean {
    if (this.#keys.length === 0) {
      return false
    }
    const verdicts = verify(valid, this.#keys, { storeDir: this.#store.storeDir })
    return isRight(verdicts) && verdicts.right.some(({ is }) => is === 'good')
  }

  /** Drops an archive that is not kept. */
  async #settle<A>(arrival: Arrival, work: () => Promise<A>): Promise<A> {
    try {
      return await work()
    } catch (error) {
      await arrival.drop()
      throw error
    }
  }

  /**
   * Runs while no garbage is collected. The references of the path are kept from then on too, through the path.
   */
  #place(valid: ValidPathInfo, arrival: Arrival, keep: Keep): Promise<ValidPathInfo> {
    const { path, info } = valid
    return this.#gate.beside(() =>
      this.#locks.hold(path, async () => {
        keep(path)
        const there = await this.#store.info(path)
        if (there !== null) {
          await arrival.drop()
          return { path, info: there }
        }
        for (const reference of info.references) {
          if (reference !== path && (await this.#store.info(reference)) === null) {
            throw new RemoteError(
              `cannot register path '${path}': it refers to '${reference}', which is not valid`,
            )
          }
        }
        await arrival.keep(valid)
        return valid
      }),
    )
  }
}

const now = (): bigint => BigInt(Math.floor(Date.now() / 1000))

const mostSignatures = 256
const longestSignature = 1024

/**
 * @throws RemoteError for an unreasonable number of signatures: they are stored unchanged, whatever their form.
 */
export const expectSignatures = (signatures: ReadonlyArray<string>): void => {
  if (signatures.length > mostSignatures || signatures.some(({ length }) => length > longestSignature)) {
    throw new RemoteError(
      `a path may have ${mostSignatures} signatures here at most, of ${longestSignature} characters each`,
    )
  }
}

/** The hash of contents that an untrusted client may add; its other claims are not believed. */
const contentHashOf = (path: StorePath, { ca, references }: UnkeyedValidPathInfo): ContentHash => {
  if (!isSome(ca)) {
    throw new RemoteError(`cannot add path '${path}' because it lacks a signature by a trusted key`)
  }
  if (references.includes(path)) {
    throw new RemoteError(`cannot add path '${path}': this store cannot check what refers to itself`)
  }
  return new ContentHash(ca.value)
}
