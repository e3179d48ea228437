import { fromKept, type Place, toKept } from './kept.js'
import type { Source, Wanted } from './source.js'

const prefix = 'nix-wire inspect '
const key = (id: string): string => `${prefix}${id}`

/** Where there is no room, what was open before gives way. */
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

/** This page with another fragment. The modules that are served with it stay. */
const addressWith = (fragment: string): string => {
  const modules = new URLSearchParams(location.hash.slice(1)).getAll('module')
  const parts = [fragment, ...modules.map((name) => `module=${encodeURIComponent(name)}`)].filter(Boolean)
  return location.href.replace(/#.*/s, '') + (parts.length === 0 ? '' : `#${parts.join('&')}`)
}

const idIn = (state: unknown): string | null =>
  typeof state === 'object' && state !== null && 'place' in state && typeof state.place === 'string'
    ? state.place
    : null

/** Remembers what was open, so that going back and loading the page anew lose nothing. */
export class Places {
  readonly #known = new Map<string, Place>()
  readonly #ofAddress = new WeakSet<Source>()
  #next = 0

  /** What was open here before the page was loaded anew; null if nothing is known. */
  here(): Place | null {
    const id = idIn(history.state)
    return id === null ? null : (this.#known.get(id) ?? this.#kept(id))
  }

  /** A source is what the address says, or the sample that is there without one. */
  ofAddress(source: Source): void {
    this.#ofAddress.add(source)
  }

  /** Makes an entry for something else, which the address does not say. */
  enter(): void {
    history.pushState({ place: this.#newId() }, '', addressWith(''))
  }

  /** From now on the address says what is open. */
  enterAddress(source: Source, fragment: string): void {
    this.#ofAddress.add(source)
    history.replaceState(history.state, '', addressWith(fragment))
  }

  /** What is open now. */
  note({ source, settings, selected }: Wanted): void {
    const id = idIn(history.state) ?? this.#newId()
    if (idIn(history.state) === null) {
      history.replaceState({ place: id }, '')
    }
    this.#known.set(id, { source: this.#ofAddress.has(source) ? null : source, settings, selected })
  }

  /** Before the page goes away: whether what is open will be there when it comes back. */
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
