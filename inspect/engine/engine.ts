import { isLeft } from 'fp-ts/lib/Either.js'
import { isSome } from 'fp-ts/lib/Option.js'
import { showIssue } from '../../combinators/issue.js'
import { protocol } from '../../combinators/protocol.js'
import { unquoted } from '../../combinators/show.js'
import { sections } from '../../grammar/sections.js'
import { parseTypeExpression } from '../../grammar/type-expression.js'
import { dissect } from '../../interpreters/dissect/index.js'
import type { IssueEvent } from '../../session/events.js'
import type { Api, Flaw, Input, Loaded, RowData, Settings, Shown, Wrong } from './api.js'
import { type Item, itemOf, type StreamIndex } from './item.js'
import { type ItemPath, Outline } from './outline.js'
import { PartItem } from './part-item.js'
import { readSession } from './session.js'

const nothing = itemOf({ kind: 'group' })

// What is opened of itself.
const mostOpened = 120
const longestOpened = 20

const flawOf = ({ side, issue }: IssueEvent): Flaw => ({
  stream: side === 'client' ? 0 : 1,
  offset: issue.offset,
  text: `${side === 'client' ? 'client' : 'daemon'}: ${showIssue(issue)}`,
})

/** Reads an input and keeps what was found in it. */
export class Engine implements Api {
  #outline = new Outline(nothing)

  types(): ReturnType<Api['types']> {
    return sections.map(({ title, grammars }) => [title, grammars.map(([name]) => name)])
  }

  load(input: Input, settings: Settings): Loaded {
    this.#outline = new Outline(nothing)
    try {
      return input.kind === 'message'
        ? this.#loadMessage(input.bytes, settings)
        : this.#loadSession(input, settings)
    } catch (error) {
      // A store directory or a feature that cannot be.
      if (error instanceof RangeError || error instanceof TypeError) {
        return { _tag: 'Refused', problem: unquoted(error.message) }
      }
      throw error
    }
  }

  #loadMessage(bytes: Uint8Array, { type, version, features, storeDir, canonical }: Settings): Loaded {
    const grammar = parseTypeExpression(type)
    if (isLeft(grammar)) {
      return { _tag: 'Refused', problem: unquoted(grammar.left) }
    }
    const given = protocol({ version, features, storeDir })
    const profile = canonical ? 'canonical' : 'compatible'
    const { tree, result, issues, omitted } = dissect(grammar.right, given, bytes, { profile })
    const whole = tree === null ? [] : [new PartItem(tree, 0, 0, 'message')]
    this.#outline = new Outline(itemOf({ kind: 'group', children: () => whole }))
    this.#outline.open([0])
    this.#outline.openShort(mostOpened, longestOpened)
    const wrong: Wrong | null = isLeft(result)
      ? {
          stream: 0,
          offset: result.left.offset,
          text: showIssue(result.left),
          guess: null,
          others: issues
            .slice(1)
            .map((issue) => ({ stream: 0 as const, offset: issue.offset, text: showIssue(issue) })),
          omitted,
        }
      : null
    return { _tag: 'Loaded', rows: this.#outline.rows, wrong, marks: [] }
  }

  #loadSession(input: Input & { readonly kind: 'session' }, { storeDir }: Settings): Loaded {
    const { items, issues, omitted } = readSession(input, storeDir === '' ? {} : { storeDir })
    this.#outline = new Outline(itemOf({ kind: 'group', children: () => items }))
    const [first, ...others] = issues
    const wrong: Wrong | null =
      first === undefined
        ? null
        : {
            ...flawOf(first),
            guess: isSome(first.guess) ? first.guess.value : null,
            others: others.map(flawOf),
            omitted,
          }
    const marks = items.flatMap(({ kind, name, tone, spans }, index) =>
      kind === 'operation' || kind === 'handshake' ? [{ path: [index], name, tone, spans }] : [],
    )
    return { _tag: 'Loaded', rows: this.#outline.rows, wrong, marks }
  }

  rows(from: number, to: number): ReadonlyArray<RowData> {
    const rows: Array<RowData> = []
    for (let row = Math.max(0, from); row < Math.min(to, this.#outline.rows); row++) {
      rows.push(this.#row(row, this.#outline.pathAt(row)) as RowData)
    }
    return rows
  }

  toggle(path: ItemPath, open: boolean): Shown {
    if (open) {
      if ((this.#outline.item(path)?.count ?? 0) > 0) {
        this.#outline.open(path)
      }
    } else {
      this.#outline.close(path)
    }
    return this.#shown(path)
  }

  reveal(path: ItemPath): Shown {
    if (path.length > 0 && this.#outline.item(path) !== null) {
      this.#outline.open(path.slice(0, -1))
    }
    return this.#shown(path)
  }

  revealAt(stream: StreamIndex, offset: number): Shown {
    return this.reveal(this.#outline.at(stream, offset))
  }

  locate(stream: StreamIndex, offset: number): RowData | null {
    const path = this.#outline.at(stream, offset)
    return this.#row(this.#outline.rowOf(path), path)
  }

  details(path: ItemPath): string {
    return this.#outline.item(path)?.details() ?? ''
  }

  #shown(path: ItemPath): Shown {
    return { rows: this.#outline.rows, found: this.#row(this.#outline.rowOf(path), path) }
  }

  #row(row: number, path: ItemPath): RowData | null {
    const item: Item | null = path.length === 0 ? null : this.#outline.item(path)
    if (item === null) {
      return null
    }
    const { kind, name, grammar, value, tone, flaw, spans, count } = item
    const open = count === 0 ? null : this.#outline.isOpen(path)
    const siblings = this.#outline.item(path.slice(0, -1))?.count ?? 1
    const trail = this.#trail(path)
    return { row, path, kind, name, grammar, value, tone, flaw, spans, open, siblings, trail }
  }

  #trail(path: ItemPath): string {
    const names = path
      .map((_, depth) => this.#outline.item(path.slice(0, depth + 1))?.name ?? '')
      .filter((name) => name !== '')
    const below = names.length > 1 && names[0] === 'message' ? names.slice(1) : names
    return below.map((name, i) => (i === 0 || name.startsWith('[') ? name : `.${name}`)).join('')
  }
}
