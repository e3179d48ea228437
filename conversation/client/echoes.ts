// The second of two equal failures may come late, but the end of the stream comes together with it.
const echoWithin = 50

const mostKnown = 100
const longestKnown = 2000

interface Failed {
  readonly chosen: string
  readonly text: string
}

/**
 * A side that breaks off may send a failure twice, the second time in place of the next reply. Only what follows the
 * repeated failure shows what it is: the end of the connection, or anything else.
 */
export class Echoes {
  /** The last call, if it failed. */
  #before: Failed | null = null
  /** Failures after which the conversation went on: they are not sent twice. */
  readonly #single = new Set<string>()
  /** The last failure that was examined, as text. */
  #last: { readonly value: unknown; readonly text: string } = { value: undefined, text: '' }

  /** Whether a failure repeats the one before it. */
  isLikely(value: unknown): boolean {
    return this.#before !== null && this.#before.text === this.#textOf(value)
  }

  /** How long to wait for what follows it if no call waits for that; 0 if it is not a repetition. */
  get patience(): number {
    return this.#before === null || this.#single.has(keyOf(this.#before)) ? 0 : echoWithin
  }

  /** `chosen`: the case that failed. */
  failed(chosen: string, value: unknown): void {
    this.wentOn()
    this.#before = { chosen, text: this.#textOf(value) }
  }

  /** Something else came after it: it was sent once. */
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

/** Distinguishes values, except for the contents of maps and sets: these cause one more wait. */
const textOf = (value: unknown): string => {
  try {
    return JSON.stringify(value) ?? ''
  } catch {
    return JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? `${each}n` : each)) ?? ''
  }
}
