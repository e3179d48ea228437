const newline = 0x0a

/** The longest line that is read from a program: 64 MiB. */
export const longestLine = 64 * 2 ** 20

const textOf = ({ buffer, byteOffset, length }: Uint8Array): string =>
  Buffer.from(buffer, byteOffset, length).toString('utf8')

/** Cuts bytes that arrive in pieces into lines, reading each byte once. */
export class Lines {
  readonly #take: (line: string) => void
  #parts: Array<Uint8Array> = []
  #length = 0

  constructor(take: (line: string) => void) {
    this.#take = take
  }

  /** False if a line is longer than the limit. */
  push(chunk: Uint8Array): boolean {
    if (this.#length > longestLine) {
      return false
    }
    const end = chunk.lastIndexOf(newline)
    if (end !== -1) {
      // All lines are decoded as one text and then cut, which is faster than one by one.
      for (const line of this.#endingWith(chunk.subarray(0, end)).split('\n')) {
        this.#take(line)
      }
    }
    if (end + 1 < chunk.length) {
      this.#add(chunk.subarray(end + 1))
    }
    return this.#length <= longestLine
  }

  #endingWith(part: Uint8Array): string {
    if (this.#length === 0) {
      return textOf(part)
    }
    this.#add(part)
    const lines = Buffer.concat(this.#parts)
    this.#parts = []
    this.#length = 0
    return textOf(lines)
  }

  #add(part: Uint8Array): void {
    this.#parts.push(part)
    this.#length += part.length
  }
}
