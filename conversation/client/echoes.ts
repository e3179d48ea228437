// The second of two equal words may come late, but the end of the stream comes in one go with it.
const echoWithin = 50

const mostKnown = 100
const longestKnown = 2000

interface Failed {
  readonly chosen: string
  readonly text: string
}

/**
 * A side that breaks off may say so in the words of a failure, twice: the second time where the next answer should be. Only
 * what follows a failure that comes again tells such an echo from an answer: the end, or anything else.
 */
export class Echoes {
  /** The last call, if it failed. */
  #before: Failed | null = null
  /** Failures behind which the conversation went on: they are not said twice. */
  readonly #single = new Set<string>()
  /** The failure that was asked for last, in words. */
  #last: { readonly value: unknown; readonly text: string } = { value: undefined, text: '' }

  /** Whether a failure is the one before it, once more. */
  isLikely(value: unknown): boolean {
    return this.#before !== null && this.#before.text === this.#textOf(value)
  }

  /** How long it may have to wait for what follows it where nobody else waits for that; 0 if it is no echo. */
  get patience(): number {
    return this.#before === null || this.#single.has(keyOf(this.#before)) ? 0 : echoWithin
  }

  /** `chosen`: the case that failed. */
  failed(chosen: string, value: unknown): void {
    this.wentOn()
    this.#before = { chosen, text: this.#textOf(value) }
  }

  /** Something else came behind it: it was said once. */
  wentOn(): void {
    if (this.#before !== null && this.#before.text.length <= longestKnown) {
      if (this.#single.size >= mostKnown) {
        this.#single.clear()
      }
      this.#single.add(keyOf(this.#before))
    }
    this.#before = null
  }

  #textOf(value: unknown): string {
    if (this.#last.value !== value) {
      this.#last = { value, text: textOf(value) }
    }
    return this.#last.text
  }
}

const keyOf = ({ chosen, text }: Failed): string => `${chosen} ${text}`

/** Tells values apart, but for what is in maps and sets: then one more failure is waited for. */
const textOf = (value: unknown): string => {
  try {
    return JSON.stringify(value) ?? ''
  } catch {
    return JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? `${each}n` : each)) ?? ''
  }
}
