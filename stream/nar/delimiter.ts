import type { Issue } from '../../combinators/issue.js'
import type { Delimiter, Delimiting } from '../../conversation/node.js'
import { NarParser } from './parser.js'

/** Finds the end of an archive, by the rules of {@link NarParser}. */
export const narDelimiter: Delimiter = {
  name: 'Nar',
  open: (offset) => new NarEnd(offset),
}

class NarEnd implements Delimiting {
  readonly #parser: NarParser

  constructor(offset: number) {
    this.#parser = new NarParser({ offset })
  }

  get keptFrom(): number {
    return this.#parser.offset
  }

  get issuesFrom(): number {
    return this.#parser.issuesFrom
  }

  push(chunk: Uint8Array): { readonly used: number; readonly over: boolean } | Issue {
    const step = this.#parser.push(chunk)
    switch (step._tag) {
      case 'failed':
        return step.issue
      case 'more':
        return { used: chunk.length, over: false }
      case 'end':
        return { used: chunk.length - step.rest.length, over: true }
    }
  }

  finish(): Issue {
    const issue = this.#parser.finish()
    if (issue === null) {
      throw new Error('push after the end of the archive')
    }
    return issue
  }
}
