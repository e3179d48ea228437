import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import { type FieldPath, showFieldPath } from '../../combinators/issue.js'
import type { Profile } from '../../combinators/limits.js'
import type { AnyGrammar, Grammar } from '../../combinators/node.js'
import type { Protocol } from '../../combinators/protocol.js'
import { dissect, type Part } from '../../interpreters/dissect/index.js'
import { type Json, printJson, toJson } from '../../interpreters/json/index.js'
import { type Malformed, toMalformed } from '../../interpreters/malformed/index.js'
import { type Bytes, fromJsonText } from './encoding.js'
import { jsonPlace, withJsonAt } from './json-place.js'
import type { ItemPath } from './outline.js'

/** Larger messages cannot be edited here: each change encodes and decodes the whole message. */
const largest = 2 ** 20

/** The limits for finding the rules that can be broken: broken messages, and bytes. */
const mostTried = 4000
const mostBytes = 32 * 2 ** 20

/** The parts of a message that can be edited. */
export interface Editable {
  /** The field, or the nearest editable one around it, and its value. */
  readonly field: string
  readonly json: string
  /** The rules that can be broken in it. */
  readonly rules: ReadonlyArray<string>
}

export type Change =
  | { readonly kind: 'json'; readonly text: string }
  | { readonly kind: 'rule'; readonly rule: string }

interface Read {
  readonly grammar: Grammar<unknown>
  readonly given: Partial<Protocol>
  readonly tree: Part | null
  readonly value: unknown
  readonly json: Json
  readonly size: number
  readonly profile: Profile
}

/** A valid message, and the changes that can be made to it. */
export class Editing {
  readonly #read: Read

  private constructor(read: Read) {
    this.#read = read
  }

  /** The editing of a message, or why it cannot be edited. */
  static of(
    of: AnyGrammar,
    given: Partial<Protocol>,
    profile: Profile,
    bytes: Uint8Array,
  ): Either<string, Editing> {
    if (bytes.length > largest) {
      return left('Only its bytes can be edited: it is over 1 MiB.')
    }
    const grammar = of as Grammar<unknown>
    const { tree, result } = dissect(grammar, given, bytes, { profile })
    if (isLeft(result)) {
      return left('Only its bytes can be edited, since it cannot be read.')
    }
    const value = result.right
    const json = toJson(grammar, given, value)
    return isLeft(json)
      ? left('Only its bytes can be edited: it has no JSON form.')
      : right(new Editing({ grammar, given, tree, value, json: json.right, size: bytes.length, profile }))
  }

  at(path: ItemPath): Editable {
    const around = this.#fieldAt(path)
    const { path: field, json } = jsonPlace(this.#read.json, around)
    return {
      field: field.length === 0 ? 'the message' : showFieldPath(field),
      json: printJson(json, 2),
      rules: this.#rulesIn(around),
    }
  }

  change(path: ItemPath, change: Change): Bytes {
    const around = this.#fieldAt(path)
    if (change.kind === 'rule') {
      const found = this.#brokenIn(around, change.rule).next()
      return found.done === true
        ? left('No message of this kind breaks that rule.')
        : right(found.value.bytes)
    }
    const { path: field } = jsonPlace(this.#read.json, around)
    return fromJsonText(this.#read.grammar, this.#read.given, change.text, (json) =>
      withJsonAt(this.#read.json, field, json),
    )
  }

  /** The field of a row: the first row is the message, and the rows below are the parts of the tree. */
  #fieldAt([, ...indices]: ItemPath): FieldPath {
    let part = this.#read.tree
    for (const index of indices) {
      part = part?.parts[index] ?? part
    }
    return part?.path ?? []
  }

  #rulesIn(field: FieldPath): ReadonlyArray<string> {
    return [...new Set([...this.#brokenIn(field)].map(({ rule }) => rule))]
  }

  *#brokenIn(field: FieldPath, rule?: string): Generator<Malformed> {
    const most = Math.min(mostTried, mostBytes / Math.max(1, this.#read.size))
    let tried = 0
    for (const broken of toMalformed(this.#read.grammar, this.#read.given).from(this.#read.value, rule)) {
      const isRefused = this.#read.profile === 'canonical' || broken.profile === 'compatible'
      if (isRefused && field.every((step, depth) => broken.issue.path[depth] === step)) {
        yield broken
      }
      if (++tried > most) {
        return
      }
    }
  }
}
