import type { FieldPath } from '../combinators/issue.js'
import { narSizeRule } from '../grammar/nar-size.js'
import { IssueError } from './issue-error.js'

interface Sized {
  readonly info: { readonly narSize: bigint }
}

/** Checks that an archive has the size in its info. */
export class SizeCheck {
  readonly #grammar: string
  readonly #announced: bigint
  readonly #start: number
  readonly #path: FieldPath
  #size = 0

  constructor(grammar: string, { info }: Sized, start: number, path: FieldPath) {
    this.#grammar = grammar
    this.#announced = info.narSize
    this.#start = start
    this.#path = path
  }

  /** The end of the archive so far. */
  get offset(): number {
    return this.#start + this.#size
  }

  add(count: number): void {
    this.#size += count
    if (BigInt(this.#size) > this.#announced) {
      this.#refuse(`${this.#size} bytes or more`)
    }
  }

  end(): void {
    if (BigInt(this.#size) !== this.#announced) {
      this.#refuse(`${this.#size} bytes`)
    }
  }

  #refuse(actual: string): never {
    throw new IssueError({
      _tag: 'InvalidValue',
      offset: this.#start,
      path: this.#path,
      expected: narSizeRule(this.#announced),
      actual,
      grammar: this.#grammar,
    })
  }
}
