import type { Issue } from '../combinators/issue.js'
import type { Delimiter, Delimiting } from '../conversation/node.js'
import type { NarEvent } from '../stream/nar/events.js'
import type { NarLimits } from '../stream/nar/options.js'
import { NarParser } from '../stream/nar/parser.js'
import type { NarSummary } from './events.js'

/** Counts of an archive's entries, made as it passes. */
export type Tally = Omit<NarSummary, 'size' | 'sha256'>

/** Finds the end of an archive, counts its entries, and reads on after an issue whose extent is known. */
export const tolerantArchive = (limits: Partial<NarLimits>): Delimiter => ({
  name: 'Nar',
  open: (offset) => new Archive(offset, limits),
})

class Archive implements Delimiting {
  readonly #parser: NarParser
  #found: Array<Issue> = []
  #files = 0
  #executables = 0
  #symlinks = 0
  #directories = 0
  #contents = 0

  constructor(offset: number, limits: Partial<NarLimits>) {
    this.#parser = new NarParser({ offset, limits, onIssue: (issue) => void this.#found.push(issue) })
  }

  get keptFrom(): number {
    return this.#parser.offset
  }

  get issuesFrom(): number {
    return this.#parser.issuesFrom
  }

  push(chunk: Uint8Array): { readonly used: number; readonly over: boolean } | Issue {
    const step = this.#parser.push(chunk)
    if (step._tag === 'failed') {
      return step.issue
    }
    for (const event of step.events) {
      this.#count(event)
    }
    return step._tag === 'end'
      ? { used: chunk.length - step.rest.length, over: true }
      : { used: chunk.length, over: false }
  }

  takeFound(): ReadonlyArray<Issue> {
    const found = this.#found
    if (found.length > 0) {
      this.#found = []
    }
    return found
  }

  finish(): Issue {
    const issue = this.#parser.finish()
    if (issue === null) {
      throw new Error('push after the end of the archive')
    }
    return issue
  }

  summary(): Tally {
    return {
      files: this.#files,
      executables: this.#executables,
      symlinks: this.#symlinks,
      directories: this.#directories,
      contents: this.#contents,
    }
  }

  #count(event: NarEvent): void {
    switch (event._tag) {
      case 'regular':
        this.#files++
        this.#executables += event.executable ? 1 : 0
        this.#contents += event.size
        break
      case 'symlink':
        this.#symlinks++
        break
      case 'directory':
        this.#directories++
        break
      case 'contents':
      case 'entry':
      case 'directoryEnd':
        break
    }
  }
}
