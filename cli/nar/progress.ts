import { showStatus, showsStatus } from '../terminal.js'

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const

/** A number of bytes for people. */
const showBytes = (bytes: number): string => {
  let value = bytes
  let unit = 0
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit++
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`
}

const firstAfter = 500
const every = 200

/**
 * Counts bytes, and shows the count on stderr if that is a terminal: after half a second, and no longer at the end.
 */
export class Progress {
  readonly #what: string
  readonly #total: number | undefined
  readonly #start = Date.now()
  readonly #shows = showsStatus()
  #bytes = 0
  #shownAt = this.#start + firstAfter - every
  #shown = false

  constructor(what: string, total?: number) {
    this.#what = what
    this.#total = total
  }

  add(bytes: number): void {
    this.#bytes += bytes
    if (!this.#shows) {
      return
    }
    const now = Date.now()
    if (now - this.#shownAt >= every) {
      this.#shownAt = now
      this.#show(now)
    }
  }

  end(): void {
    if (this.#shown) {
      showStatus('')
    }
  }

  #show(now: number): void {
    const speed = showBytes((this.#bytes * 1000) / (now - this.#start))
    const part = this.#total === undefined ? '' : ` (${Math.floor((100 * this.#bytes) / this.#total)} %)`
    showStatus(`${this.#what}: ${showBytes(this.#bytes)}${part}, ${speed}/s`)
    this.#shown = true
  }
}

/** Counts chunks, given one by one or in batches, and passes them on. */
export async function* counted<A extends Uint8Array | ReadonlyArray<Uint8Array>>(
  chunks: AsyncIterable<A> | Iterable<A>,
  progress: Progress,
): AsyncGenerator<A, void> {
  try {
    for await (const chunk of chunks) {
      progress.add(sizeOf(chunk))
      yield chunk
    }
  } finally {
    progress.end()
  }
}

const sizeOf = (chunk: Uint8Array | ReadonlyArray<Uint8Array>): number =>
  chunk instanceof Uint8Array ? chunk.length : chunk.reduce((sum, { length }) => sum + length, 0)
