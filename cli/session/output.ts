import { isObject, type Json } from '../../interpreters/json/text.js'
import { colours as pc } from '../colours.js'
import { Failure } from '../failure.js'
import { write } from '../terminal.js'
import { jsonText } from '../visible.js'

// The number of issues printed with an excerpt; a fatal one always has one.
const mostTold = 10

/** Writes what is said in connections, and tells at the end what is wrong. */
export class SessionOutput {
  readonly #before: () => void
  readonly #told: Array<string> = []
  readonly #starts = new Map<number, number>()
  #others = 0
  #last: number | null = null

  /** `before` is called before anything is written. */
  constructor(before: () => void = () => undefined) {
    this.#before = before
  }

  /** Something is wrong with the recording itself. */
  problem(text: string): void {
    this.#told.push(text)
  }

  /** Something is wrong in a connection. */
  issue(isFatal: boolean, text: () => string): void {
    if (this.#told.length < mostTold || isFatal) {
      this.#told.push(text())
    } else {
      this.#others++
    }
  }

  /** So many issues were not told. */
  omit(issues: number): void {
    this.#others += issues
  }

  /** @throws Failure where something was wrong. */
  finish(): void {
    if (this.#told.length > 0) {
      const more =
        this.#others > 0 ? [`and ${this.#others} more ${this.#others === 1 ? 'issue' : 'issues'}`] : []
      throw new Failure(1, [...this.#told, ...more].join('\nnix-wire: '))
    }
  }

  /** When a connection began; `began` is when what is told now did. */
  startOf(connection: number | null, began: number | null): number | null {
    const key = connection ?? 0
    const start = this.#starts.get(key) ?? null
    if (start === null && began !== null) {
      this.#starts.set(key, began)
      return began
    }
    return start
  }

  /** Nothing more is told of a connection. */
  forget(connection: number): void {
    this.#starts.delete(connection)
  }

  /** A line for a program; with a number, if there may be other connections. */
  async json(connection: number | null, json: Json): Promise<void> {
    const numbered =
      connection === null || !isObject(json) ? json : { connection: BigInt(connection + 1), ...json }
    await this.#write(`${jsonText(numbered)}\n`)
  }

  /** Lines for people. Where there are several connections, what belongs to another one has its number above it. */
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
