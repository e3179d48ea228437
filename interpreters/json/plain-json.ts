import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { LosslessNumber } from 'lossless-json'
import { kindName } from '../../bytes/byte-array.js'
import { isPlain } from '../../bytes/equal.js'
import type { FieldPath, Issue } from '../../combinators/issue.js'
import { clip, show } from '../../combinators/show.js'
import type { Json } from './text.js'

/** The depth limit, the same as for `parseJson`. */
const deepest = 1000

class NotJson extends Error {
  readonly path: FieldPath
  readonly actual: string

  constructor(path: FieldPath, actual: string) {
    super(actual)
    this.path = path
    this.actual = actual
  }
}

class Conversion {
  readonly #path: Array<string | number> = []

  of(value: unknown): Json {
    switch (typeof value) {
      case 'string':
      case 'boolean':
      case 'bigint':
        return value
      case 'number':
        // JSON.parse may have rounded a number outside this range.
        return Number.isSafeInteger(value) ? BigInt(value) : new LosslessNumber(String(value))
      case 'object':
        return value === null || value instanceof LosslessNumber ? value : this.#object(value)
      default:
        throw new NotJson([...this.#path], show(value))
    }
  }

  #object(value: object): Json {
    if (this.#path.length >= deepest) {
      throw new NotJson(this.#path.slice(0, 1), `more than ${deepest} levels`)
    }
    if (Array.isArray(value)) {
      return Array.from(value, (item: unknown, i) => this.#inside(i, item))
    }
    if (!isPlain(value)) {
      throw new NotJson([...this.#path], kindName(value))
    }
    // The keys are defined, not assigned: one may be `__proto__`.
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.#inside(key, item)]))
  }

  #inside(step: string | number, value: unknown): Json {
    this.#path.push(step)
    const json = this.of(value)
    this.#path.pop()
    return json
  }
}

/** The result of `JSON.parse` or `parseJson`, in the one form that `fromJson` reads. */
export const plainJson = (value: unknown, grammar: string): Either<Issue, Json> => {
  try {
    return right(new Conversion().of(value))
  } catch (error) {
    if (!(error instanceof NotJson)) {
      throw error
    }
    const { path, actual } = error
    return left({ _tag: 'InvalidJson', offset: 0, path, expected: 'JSON', actual: clip(actual), grammar })
  }
}
