/** The fractions of the cube roots of the first 64 primes. */
const constants = (): Uint32Array => {
  const primes: Array<number> = []
  for (let n = 2; primes.length < 64; n++) {
    if (primes.every((prime) => n % prime !== 0)) {
      primes.push(n)
    }
  }
  return Uint32Array.from(primes, (prime) => fraction(Math.cbrt(prime)))
}

const fraction = (root: number): number => Math.floor((root % 1) * 2 ** 32)

const k = constants()
const start = Uint32Array.of(2, 3, 5, 7, 11, 13, 17, 19).map((prime) => fraction(Math.sqrt(prime)))

const blockSize = 64

const turned = (word: number, by: number): number => (word >>> by) | (word << (32 - by))

/** A SHA-256 that takes its input in pieces, for where the platform brings none. Source: FIPS 180-4. */
export class Sha256 {
  readonly #state = start.slice()
  readonly #words = new Uint32Array(64)
  readonly #block = new Uint8Array(blockSize)
  #held = 0
  #size = 0

  update(bytes: Uint8Array): this {
    this.#size += bytes.length
    let at = 0
    while (at < bytes.length) {
      if (this.#held === 0 && bytes.length - at >= blockSize) {
        this.#take(bytes, at)
        at += blockSize
        continue
      }
      const part = bytes.subarray(at, at + blockSize - this.#held)
      this.#block.set(part, this.#held)
      this.#held += part.length
      at += part.length
      if (this.#held === blockSize) {
        this.#take(this.#block, 0)
        this.#held = 0
      }
    }
    return this
  }

  /** The hash; nothing can be added after it. */
  digest(): Uint8Array {
    const size = this.#size
    this.update(Uint8Array.of(0x80))
    this.update(new Uint8Array((2 * blockSize - 8 - this.#held) % blockSize))
    const tail = new DataView(new ArrayBuffer(8))
    tail.setBigUint64(0, BigInt(size) * 8n)
    this.update(new Uint8Array(tail.buffer))
    const out = new DataView(new ArrayBuffer(32))
    for (const [i, word] of this.#state.entries()) {
      out.setUint32(4 * i, word)
    }
    return new Uint8Array(out.buffer)
  }

  #take(bytes: Uint8Array, at: number): void {
    const w = this.#words
    for (let i = 0; i < 16; i++) {
      const p = at + 4 * i
      w[i] = (bytes[p]! << 24) | (bytes[p + 1]! << 16) | (bytes[p + 2]! << 8) | bytes[p + 3]!
    }
    for (let i = 16; i < 64; i++) {
      const x = w[i - 15]!
      const y = w[i - 2]!
      w[i] =
        w[i - 16]! +
        (turned(x, 7) ^ turned(x, 18) ^ (x >>> 3)) +
        w[i - 7]! +
        (turned(y, 17) ^ turned(y, 19) ^ (y >>> 10))
    }
    const s = this.#state
    let [a, b, c, d, e, f, g, h] = s as unknown as Eight
    for (let i = 0; i < 64; i++) {
      const one = h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + ((e & f) ^ (~e & g)) + k[i]! + w[i]!
      const two = (turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))
      h = g
      g = f
      f = e
      e = (d + one) | 0
      d = c
      c = b
      b = a
      a = (one + two) | 0
    }
    for (const [i, word] of [a, b, c, d, e, f, g, h].entries()) {
      s[i] = s[i]! + word
    }
  }
}

type Eight = readonly [number, number, number, number, number, number, number, number]
