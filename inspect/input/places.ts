import { fromKept, type Place, toKept } from './kept.js'
import type { Source, Wanted } from './source.js'

const prefix = 'nix-wire inspect '
const key = (id: string): string => `${prefix}${id}`

/** If the storage is full, older inputs are dropped. */
const store = (name: string, text: string): void => {
  try {
    sessionStorage.setItem(name, text)
  } catch {
    for (const other of Object.keys(sessionStorage).filter((each) => each.startsWith(prefix))) {
      sessionStorage.removeItem(other)
    }
    sessionStorage.setItem(name, text)
  }
}

/** This page with another fragment. Served modules stay in it. */
const addressWith = (fragment: string): string => {
  const modules = new URLSearchParams(location.hash.slice(1)).getAll('module')
  const parts = [fragment, ...modules.map((name) => `module=${encodeURIComponent(name)}`)].filter(Boolean)
  return location.href.replace(/#.*/s, '') + (parts.length === 0 ? '' : `#${parts.join('&')}`)
}

const idIn = (state: unknown): string | null =>
  typeof state === 'object' && state !== null && 'place' in state && typeof state.place === 'string'
    ? state.place
    : null

/** Remembers the inputs, so that going back and reloading the page lose nothing. */
export class Places {
  readonly #known = new Map<string, Place>()
  readonly #ofAddress = new WeakSet<Source>()
  #next = 0

  /** The input before a reload of the page; null if it is not known. */
  here(): Place | null {
    const id = idIn(history.state)
    return id === null ? null : (this.#known.get(id) ?? this.#kept(id))
  }

  /** The input of the address, or the sample that is shown without one. */
  ofAddress(source: Source): void {
    this.#ofAddress.add(source)
  }

  /** Adds an entry for an input that is not in the address. */
  enter(): void {
    history.pushState({ place: this.#newId() }, '', addressWith(''))
  }

  /** Puts the input into the address from now on. */
  enterAddress(source: Source, fragment: string): void {
    this.#ofAddress.add(source)
    history.replaceState(history.state, '', addressWith(fragment))
  }

  /** Notes the current input. */
  note({ source, settings, selected }: Wanted): void {
    const id = idIn(history.state) ?? this.#newId()
    if (idIn(history.state) === null) {
      history.replaceState({ place: id }, '')
    }
    this.#known.set(id, { source: this.#ofAddress.has(source) ? null : source, settings, selected })
  }

  /** Called before the page is left: returns whether the input will still be there later. */
  keep(): boolean {
    const id = idIn(history.state)
    const place = id === null ? undefined : this.#known.get(id)
    if (id === null || place === undefined) {
      return true
    }
    try {
      const text = toKept(place)
      if (text !== null) {
        store(key(id), text)
      }
      return text !== null
    } catch {
      // The storage is full, or switched off.
      return false
    }
  }

  #kept(id: string): Place | null {
    try {
      return fromKept(sessionStorage.getItem(key(id)))
    } catch {
      return null
    }
  }

  #newId(): string {
    return `${performance.timeOrigin} ${this.#next++}`
  }
}
