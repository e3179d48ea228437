// The second of two equal words and the end of the stream come in one go.
const echoWithin = 50

const mostKnown = 100
const longestKnown = 2000

/**
 * A side that breaks off may say so in the words of a failure, twice: the second time where the next answer should be. Only
 * what follows a failure that comes again tells such an echo from an answer: the end, or anything else.
 */
export class Echoes {
  /** The last call, if it failed. */
  #before: { readonly text: string; readonly at: number } | null = null
  /** Failures behind which the conversation went on: they are not said twice. */
  readonly #single = new Set<string>()

  /** Whether a failure is the one before it, once more. */
  isLikely(value: unknown): boolean {
    return this.#before?.text === textOf(value)
  }

  /** How long it may have to wait for what follows it where nobody else waits for that; 0 if it is no echo. */
  get patience(): number {
    const { text, at } = this.#before ?? { text: '', at: 0 }
    return this.#single.has(text) ? 0 : Math.max(0, echoWithin - (performance.now() - at))
  }

  failed(value: unknown): void {
    this.wentOn()
    this.#before = { text: textOf(value), at: performance.now() }
  }

  /** Something else came behind it: it was said once. */
  wentOn(): void {
    if (this.#before !== null && this.#before.text.length <= longestKnown) {
      if (this.#single.size >= mostKnown) {
        this.#single.clear()
      }
      this.#single.add(this.#before.text)
    }
    this.#before = null
  }
}

const textOf = (value: unknown): string =>
  JSON.stringify(value, (_, each) =>
    typeof each === 'bigint'
      ? `${each}n`
      : each instanceof Map || each instanceof Set || each instanceof Uint8Array
        ? [...each]
        : each,
  ) ?? ''
