import { isObject, type Json } from '../../interpreters/json/text.js'
import { colours as pc } from '../colours.js'
import { Failure } from '../failure.js'
import { write } from '../terminal.js'
import { jsonText } from '../visible.js'

// The number of issues printed with an excerpt; a fatal one always has one.
const mostTold = 10

/** Prints the events of connections, and reports issues at the end. */
export class SessionOutput {
  readonly #before: () => void
  readonly #told: Array<string> = []
  readonly #starts = new Map<number, number>()
  #others = 0
  #last: number | null = null

  /** `before` is called before each output. */
  constructor(before: () => void = () => undefined) {
    this.#before = before
  }

  /** Something is wrong with the recording itself. */
  problem(text: string): void {
    this.#told.push(text)
  }

  /** A connection has an issue. */
  issue(isFatal: boolean, text: () => string): void {
    if (this.#told.length < mostTold || isFatal) {
      this.#told.push(text())
    } else {
      this.#others++
    }
  }

  /** Counts issues that are not printed. */
  omit(issues: number): void {
    this.#others += issues
  }

  /** @throws Failure if there was an issue. */
  finish(): void {
    if (this.#told.length > 0) {
      const more =
        this.#others > 0 ? [`and ${this.#others} more ${this.#others === 1 ? 'issue' : 'issues'}`] : []
      throw new Failure(1, [...this.#told, ...more].join('\nnix-wire: '))
    }
  }

  /** When a connection began; `began` is the beginning of the current event. */
  startOf(connection: number | null, began: number | null): number | null {
    const key = connection ?? 0
    const start = this.#starts.get(key) ?? null
    if (start === null && began !== null) {
      this.#starts.set(key, began)
      return began
    }
    return start
  }

  /** No more events of this connection will come. */
  forget(connection: number): void {
    this.#starts.delete(connection)
  }

  /** A line for a program, with the connection's number if there may be others. */
  async json(connection: number | null, json: Json): Promise<void> {
    const numbered =
      connection === null || !isObject(json) ? json : { connection: BigInt(connection + 1), ...json }
    await this.#write(`${jsonText(numbered)}\n`)
  }

  /**
   * Lines for people. If there are several connections, the number of another one is printed above its lines.
   */
  async block(connection: number | null, text: string): Promise<void> {
    const isOther = connection !== null && connection !== (this.#last ?? 0)
    this.#last = connection ?? this.#last
    await this.#write(`${isOther ? `${pc.dim(`— connection ${connection + 1} —`)}\n` : ''}${text}\n`)
  }

  async #write(text: string): Promise<void> {
    this.#before()
    await write(text)
  }
}
