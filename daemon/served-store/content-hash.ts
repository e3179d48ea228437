import { createHash, type Hash as Hasher } from 'node:crypto'
import { isLeft } from 'fp-ts/lib/Either.js'
import { contentAddressedPath } from '../../store/store-path.js'
import { NarParser } from '../../stream/nar/index.js'
import {
  type ContentAddress,
  type ContentAddressMethodWithAlgo,
  contentAddressOf,
  hashFromBytes,
  type StorePath,
} from '../../types/index.js'
import { RemoteError } from '../failure.js'
import { expectFile, isOfFile } from './dump.js'

/**
 * The hash in the path of a store object: of the bytes of a file, or of an archive, as the method says.
 *
 * @throws RemoteError for an unknown method or algorithm.
 */
export class ContentHash {
  readonly #method: ContentAddressMethodWithAlgo
  readonly #hasher: Hasher

  constructor(method: ContentAddressMethodWithAlgo) {
    const { _tag, algorithm } = method
    if (_tag === 'Git' || algorithm === 'blake3') {
      throw new RemoteError(`this store does not hash with ${_tag === 'Git' ? 'git trees' : algorithm}`)
    }
    this.#method = method
    this.#hasher = createHash(algorithm)
  }

  update(bytes: Uint8Array): void {
    this.#hasher.update(bytes)
  }

  /** Hashes the bytes that pass. */
  async *through(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
    for await (const chunk of bytes) {
      this.update(chunk)
      yield chunk
    }
  }

  /** Hashes an archive that passes: all of it, or the file in it. */
  throughNar(nar: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
    return isOfFile(this.#method) ? this.#throughFile(nar) : this.through(nar)
  }

  /** Once, at the end. */
  contentAddress(): ContentAddress {
    const hash = hashFromBytes(this.#method.algorithm, this.#hasher.digest())
    if (isLeft(hash)) {
      throw new TypeError(hash.left)
    }
    return contentAddressOf(this.#method._tag, hash.right)
  }

  async *#throughFile(nar: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
    const parser = new NarParser()
    for await (const chunk of nar) {
      for (const event of parser.push(chunk).events) {
        expectFile(event)
        if (event._tag === 'contents') {
          this.update(event.bytes)
        }
      }
      yield chunk
    }
  }
}

/**
 * The path of a content-addressed object.
 *
 * @throws RemoteError for an invalid name or invalid references.
 */
export const addressedPath = (
  storeDir: string,
  name: string,
  ca: ContentAddress,
  references: ReadonlyArray<StorePath>,
): StorePath => {
  const path = contentAddressedPath({ name, ca, references }, { storeDir })
  if (isLeft(path)) {
    const { expected, actual } = path.left
    throw new RemoteError(`no store path follows from this: expected ${expected}, got ${actual}`)
  }
  return path.right
}
