import { isLeft } from 'fp-ts/lib/Either.js'
import { isSome } from 'fp-ts/lib/Option.js'
import { showIssue } from '../../combinators/issue.js'
import type { Profile } from '../../combinators/limits.js'
import type { AnyGrammar } from '../../combinators/node.js'
import { type Protocol, protocol } from '../../combinators/protocol.js'
import { messageOf, unquoted } from '../../combinators/show.js'
import { sections } from '../../grammar/sections.js'
import { serveSections } from '../../grammar/serve/sections.js'
import { parseTypeExpression } from '../../grammar/type-expression.js'
import { dissect } from '../../interpreters/dissect/index.js'
import type { IssueEvent } from '../../session/events.js'
import { numberAt } from '../../session/fitting.js'
import { type OwnProtocol, ownProtocol } from '../../session/own/own-protocol.js'
import type { Added, Api, Encoded, Flaw, Input, Loaded, RowData, Settings, Shown, Wrong } from './api.js'
import { type Change, type Editable, Editing } from './editing.js'
import { type Bytes, fromJsonText, fromNarInfo } from './encoding.js'
import { type Item, itemOf, type StreamIndex } from './item.js'
import { type ItemPath, Outline } from './outline.js'
import { exportsOf } from './own-module.js'
import { readOwnSession } from './own-session.js'
import { PartItem } from './part-item.js'
import { readSession } from './session.js'

const nothing = itemOf({ kind: 'group' })

const nixMagic = 0x6e697863n

// What is opened of itself.
const mostOpened = 120
const longestOpened = 20

// Further rows are not looked through for a name.
const mostSought = 200_000

const flawOf = ({ side, issue }: Pick<IssueEvent, 'side' | 'issue'>, serverName: string): Flaw => ({
  stream: side === 'client' ? 0 : 1,
  offset: issue.offset,
  text: `${side === 'client' ? side : serverName}: ${showIssue(issue)}`,
})

const givenBy = ({ version, features, storeDir }: Settings): Partial<Protocol> =>
  protocol({ version, features, storeDir })

const profileOf = ({ canonical }: Settings): Profile => (canonical ? 'canonical' : 'compatible')

/** Reads an input and keeps what was found in it. */
export class Engine implements Api {
  #outline = new Outline(nothing)
  #own: ReadonlyArray<OwnProtocol> = []

  types(): ReturnType<Api['types']> {
    return [
      ...this.#own.map(({ of, types }) => [of, [...types.keys()]] as const),
      ...[...sections, ...serveSections].map(
        ({ title, grammars }) => [title, grammars.map(([name]) => name)] as const,
      ),
    ]
  }

  async addModule(name: string, source: string): Promise<Added> {
    try {
      const added = ownProtocol(name, await exportsOf(source))
      this.#own = [added, ...this.#own.filter(({ of }) => of !== name)]
      const { types, conversation, protocol: settings } = added
      return { _tag: 'Added', types: [...types.keys()], conversation: conversation?.name ?? null, settings }
    } catch (error) {
      return { _tag: 'Refused', problem: `${name} cannot be loaded: ${unquoted(messageOf(error))}` }
    }
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

  get #types(): ReadonlyMap<string, AnyGrammar> {
    return new Map(this.#own.flatMap(({ types }) => [...types]))
  }

  #loadMessage(bytes: Uint8Array, settings: Settings): Loaded {
    const grammar = parseTypeExpression(settings.type, this.#types)
    if (isLeft(grammar)) {
      return { _tag: 'Refused', problem: unquoted(grammar.left) }
    }
    const profile = profileOf(settings)
    const { tree, result, issues, omitted } = dissect(grammar.right, givenBy(settings), bytes, { profile })
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
    return { _tag: 'Loaded', rows: this.#outline.rows, wrong, serverName: 'daemon', marks: [] }
  }

  #loadSession(input: Input & { readonly kind: 'session' }, { storeDir }: Settings): Loaded {
    const given = storeDir === '' ? {} : { storeDir }
    const { items, issues, omitted, serverName } = this.#session(input, given)
    this.#outline = new Outline(itemOf({ kind: 'group', children: () => items }))
    const flaw = (event: Pick<IssueEvent, 'side' | 'issue'>): Flaw => flawOf(event, serverName)
    const [first, ...others] = issues
    const wrong: Wrong | null =
      first === undefined
        ? null
        : {
            ...flaw(first),
            guess: 'guess' in first && isSome(first.guess) ? first.guess.value : null,
            others: others.map(flaw),
            omitted,
          }
    const marks = items.flatMap(({ kind, name, tone, spans }, index) =>
      kind === 'operation' || kind === 'handshake' ? [{ path: [index], name, tone, spans }] : [],
    )
    return { _tag: 'Loaded', rows: this.#outline.rows, wrong, serverName, marks }
  }

  /** A session of Nix begins as no other does. */
  #session(input: Input & { readonly kind: 'session' }, given: { readonly storeDir?: string }) {
    const conversation = this.#own.find((own) => own.conversation !== null)?.conversation ?? null
    if (conversation === null || numberAt(input.client) === nixMagic) {
      const operations = this.#own.find((own) => own.operations !== null)?.operations ?? null
      return readSession(input, operations === null ? given : { ...given, operations })
    }
    const protocol = { ...conversation.protocol, ...given }
    return {
      ...readOwnSession(input, { ...conversation, protocol }),
      omitted: 0,
      serverName: 'server' as const,
    }
  }

  encode(from: 'narinfo' | 'json', text: Uint8Array, settings: Settings): Encoded {
    const type = from === 'narinfo' ? 'ValidPathInfo' : settings.type
    return this.#encoded(type, (grammar) =>
      from === 'narinfo'
        ? fromNarInfo(givenBy(settings), text)
        : fromJsonText(grammar, givenBy(settings), new TextDecoder().decode(text)),
    )
  }

  editable(bytes: Uint8Array, settings: Settings, path: ItemPath): Editable | { readonly problem: string } {
    const grammar = parseTypeExpression(settings.type, this.#types)
    const editing = isLeft(grammar) ? grammar : this.#editing(grammar.right, bytes, settings)
    return isLeft(editing) ? { problem: unquoted(editing.left) } : editing.right.at(path)
  }

  edited(bytes: Uint8Array, settings: Settings, path: ItemPath, change: Change): Encoded {
    return this.#encoded(settings.type, (grammar) => {
      const editing = this.#editing(grammar, bytes, settings)
      return isLeft(editing) ? editing : editing.right.change(path, change)
    })
  }

  #editing(grammar: AnyGrammar, bytes: Uint8Array, settings: Settings) {
    return Editing.of(grammar, givenBy(settings), profileOf(settings), bytes)
  }

  #encoded(type: string, encode: (grammar: AnyGrammar) => Bytes): Encoded {
    const grammar = parseTypeExpression(type, this.#types)
    if (isLeft(grammar)) {
      return { _tag: 'Refused', problem: unquoted(grammar.left) }
    }
    try {
      const bytes = encode(grammar.right)
      return isLeft(bytes)
        ? { _tag: 'Refused', problem: unquoted(bytes.left) }
        : { _tag: 'Encoded', bytes: bytes.right, type }
    } catch (error) {
      // Settings that cannot be.
      return { _tag: 'Refused', problem: unquoted(messageOf(error)) }
    }
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

  seek(text: string, from: number): Shown {
    const { rows } = this.#outline
    const wanted = text.toLowerCase()
    for (let i = 0; i < Math.min(rows, mostSought); i++) {
      const row = (from + i) % rows
      const path = this.#outline.pathAt(row)
      if (this.#outline.item(path)?.name.toLowerCase().startsWith(wanted)) {
        return { rows, found: this.#row(row, path) }
      }
    }
    return { rows, found: null }
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
