import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { expectBytes } from '../bytes/byte-array.js'
import { strings } from '../bytes/strings.js'
import type { Issue } from '../combinators/issue.js'
import { show } from '../combinators/show.js'
import { catchIssue } from '../stream/issue-error.js'
import { ByteSource } from '../stream/nar/byte-source.js'
import { expectIterable, expectSource, type Source } from '../stream/source.js'
import { nix32Alphabet } from '../types/base-encodings.js'
import { type BaseStorePath, type StorePath, StorePathHash, storePathHashOf } from '../types/index.js'

const hashLength = 32
const none = 0xff

/** For each byte its number as a symbol of nix32. */
const symbols = new Uint8Array(256).fill(none)
for (const [number, symbol] of [...nix32Alphabet].entries()) {
  symbols[symbol.charCodeAt(0)] = number
}

// Four symbols of a hash form a number, which is looked up before anything is compared.
const keys = 2 ** 20

/**
 * Finds references to store paths in bytes that come in pieces, as Nix does in the outputs of a build: by their hash
 * part alone, anywhere, however the bytes are cut. Memory stays constant.
 *
 * ```ts
 * import { ReferenceScanner } from 'nix-wire/store'
 * import { StorePath } from 'nix-wire/types'
 *
 * const path = StorePath.make('/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-tea')
 * if (path._tag === 'Right') {
 *   const scanner = new ReferenceScanner([path.right])
 *   scanner.push(new TextEncoder().encode('see g1w7hy3qg1w7hy3q'))
 *   scanner.found // => []
 *   scanner.push(new TextEncoder().encode('g1w7hy3qg1w7hy3q-milk'))
 *   scanner.found // => [path.right]
 * }
 * ```
 *
 * Nix scans the NAR of an output, with its names and targets; so pass the bytes of the archive, not its events. Most
 * bytes are skipped: of 32 bytes the last one that is not a nix32 symbol says where to go on.
 *
 * @throws TypeError for a candidate that is neither a store path nor a base name.
 */
export class ReferenceScanner<P extends StorePath | BaseStorePath = StorePath> {
  readonly #candidates: ReadonlyArray<P>
  readonly #found = new Set<P>()
  /** What is still looked for, by its hash. */
  readonly #waiting = new Map<string, Array<P>>()
  readonly #keys = new Keys()
  /** The end of what has come, in which a hash may have begun; room for what follows. */
  readonly #seam = new Uint8Array(2 * (hashLength - 1))
  #kept = 0

  constructor(candidates: Iterable<P>) {
    expectIterable('the candidates of a ReferenceScanner', candidates)
    this.#candidates = [...new Set(candidates)]
    for (const path of this.#candidates) {
      this.#await(path)
    }
  }

  /** The candidates found so far, in their order. */
  get found(): ReadonlyArray<P> {
    return this.#candidates.filter((path) => this.#found.has(path))
  }

  /** True if all candidates are found; further bytes are then ignored. */
  get isComplete(): boolean {
    return this.#waiting.size === 0
  }

  /** Scans the next piece. */
  push(chunk: Uint8Array): void {
    expectBytes('a piece of what is scanned', chunk)
    if (this.isComplete) {
      return
    }
    const seam = this.#seam
    const most = hashLength - 1
    const head = chunk.subarray(0, most)
    seam.set(head, this.#kept)
    const length = this.#kept + head.length
    this.#scan(seam, length)
    this.#scan(chunk, chunk.length)
    if (chunk.length >= most) {
      seam.set(chunk.subarray(-most))
      this.#kept = most
    } else {
      this.#kept = Math.min(most, length)
      seam.copyWithin(0, length - this.#kept, length)
    }
  }

  /** Passes chunks on unchanged, and scans them. */
  async *through(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
    for await (const chunk of source) {
      this.push(chunk)
      yield chunk
    }
  }

  /** Like {@link through}, for web streams: `readable.pipeThrough(scanner.transform())`. */
  transform(): TransformStream<Uint8Array, Uint8Array> {
    return new TransformStream<Uint8Array, Uint8Array>({
      transform: (chunk, controller) => {
        this.push(chunk)
        controller.enqueue(chunk)
      },
    })
  }

  #await(path: P): void {
    const hash = typeof path === 'string' ? storePathHashOf(path) : ''
    if (!StorePathHash.is(hash)) {
      throw new TypeError(`a candidate must be a store path, not ${show(path)}`)
    }
    const paths = this.#waiting.get(hash) ?? []
    paths.push(path)
    this.#waiting.set(hash, paths)
    this.#keys.add(new TextEncoder().encode(hash))
  }

  #scan(bytes: Uint8Array, end: number): void {
    let at = 0
    /** So many bytes from `at` on are symbols, as is known. */
    let known = 0
    while (at + hashLength <= end) {
      const last = at + hashLength - 1
      const stop = at + known
      let next = last
      while (next >= stop && symbols[bytes[next]!] !== none) {
        next--
      }
      // If all are symbols, the run continues after the last one that follows them.
      const wrong = next < stop ? this.#run(bytes, at, end) : next
      known = Math.max(0, last - wrong)
      at = wrong + 1
    }
  }

  /** Looks at each place of a run of symbols, of which a hash's length is known. Returns where it ends. */
  #run(bytes: Uint8Array, start: number, end: number): number {
    const { first, final } = this.#keys
    let begin = keyAt(bytes, start) >> 5
    let last = keyAt(bytes, start + hashLength - 4) >> 5
    let next = start + hashLength - 1
    for (; next < end; next++) {
      const symbol = symbols[bytes[next]!]!
      if (symbol === none) {
        return next
      }
      begin = ((begin << 5) & (keys - 1)) | symbols[bytes[next - hashLength + 4]!]!
      last = ((last << 5) & (keys - 1)) | symbol
      if (
        (first[begin >> 5]! & (1 << (begin & 31))) !== 0 &&
        (final[last >> 5]! & (1 << (last & 31))) !== 0
      ) {
        this.#compare(strings.fromAscii(bytes, next - hashLength + 1, next + 1))
      }
    }
    return next
  }

  #compare(hash: string): void {
    const paths = this.#waiting.get(hash)
    if (paths !== undefined) {
      for (const path of paths) {
        this.#found.add(path)
      }
      this.#waiting.delete(hash)
    }
  }
}

/** A bit for each key of a hash: for its first four symbols, and for its last four. */
class Keys {
  readonly first = new Uint32Array(keys / 32)
  readonly final = new Uint32Array(keys / 32)

  add(hash: Uint8Array): void {
    const [begin, last] = [keyAt(hash, 0), keyAt(hash, hashLength - 4)]
    this.first[begin >> 5]! |= 1 << (begin & 31)
    this.final[last >> 5]! |= 1 << (last & 31)
  }
}

const keyAt = (bytes: Uint8Array, at: number): number =>
  (symbols[bytes[at]!]! << 15) |
  (symbols[bytes[at + 1]!]! << 10) |
  (symbols[bytes[at + 2]!]! << 5) |
  symbols[bytes[at + 3]!]!

/**
 * The candidates whose hash part occurs in a stream, in their order: the references of an archive. Reading stops when
 * all are found.
 *
 * ```ts
 * import { referencesIn } from 'nix-wire/store'
 *
 * await referencesIn([new TextEncoder().encode('tea')], [])() // => { _tag: 'Right', right: [] }
 * ```
 *
 * Issues: `SourceFailed`. Use {@link ReferenceScanner} to push bytes yourself, or to pass them on.
 *
 * @throws TypeError for a candidate that is neither a store path nor a base name.
 */
export const referencesIn = <P extends StorePath | BaseStorePath>(
  source: Source,
  candidates: Iterable<P>,
): TaskEither<Issue, ReadonlyArray<P>> => {
  expectSource(source)
  const scanner = new ReferenceScanner(candidates)
  return catchIssue(async () => {
    const bytes = new ByteSource(source)
    while (!scanner.isComplete) {
      const chunk = await bytes.next()
      if (chunk === null) {
        return scanner.found
      }
      scanner.push(chunk)
    }
    bytes.cancel(new Error('all references are found'))
    return scanner.found
  })
}
