import type { NarEvent } from '../../stream/nar/events.js'

/** A node of an archive, without its contents. */
export interface NodeInfo {
  /** The entry names that lead to it, its own included. */
  readonly names: ReadonlyArray<string>
  readonly type: 'regular' | 'symlink' | 'directory'
  readonly size?: number
  readonly executable?: boolean
  readonly target?: string
}

/** Follows the events of an archive and knows which node they belong to. */
export class NodeTracker {
  readonly #names: Array<string> = []
  #directories = 0

  /** The node that begins with this event; null for an event inside one. */
  next(event: NarEvent): NodeInfo | null {
    switch (event._tag) {
      case 'entry':
        this.#names.length = this.#directories - 1
        this.#names.push(event.name)
        return null
      case 'directory':
        this.#directories++
        return { names: [...this.#names], type: 'directory' }
      case 'directoryEnd':
        this.#directories--
        this.#names.length = Math.max(0, this.#directories)
        return null
      case 'symlink':
        return { names: [...this.#names], type: 'symlink', target: event.target }
      case 'regular':
        return { names: [...this.#names], type: 'regular', size: event.size, executable: event.executable }
      case 'contents':
        return null
    }
  }
}
