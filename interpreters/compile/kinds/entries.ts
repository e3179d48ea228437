import type { Plan } from '../plan.js'
import { writtenForm } from '../written-form.js'

/** Collects the entries of a map; of two with one key the first or the last counts. */
export class Entries {
  readonly map = new Map<unknown, unknown>()
  readonly #key: Plan
  readonly #first: boolean
  /** For keys that are objects: the first key with the same bytes. */
  readonly #known: Map<string, unknown> | null

  constructor(key: Plan, duplicates: 'first' | 'last') {
    this.#key = key
    this.#first = duplicates === 'first'
    this.#known = key.primitive ? null : new Map()
  }

  add(key: unknown, value: unknown): void {
    const kept = this.#known === null ? key : this.#same(this.#known, key)
    if (!this.#first || !this.map.has(kept)) {
      this.map.set(kept, value)
    }
  }

  #same(known: Map<string, unknown>, key: unknown): unknown {
    const id = writtenForm(this.#key, key)
    if (id === null) {
      return key
    }
    const kept = known.get(id) ?? key
    known.set(id, kept)
    return kept
  }
}
