import { isLeft } from 'fp-ts/lib/Either.js'
import { isSome } from 'fp-ts/lib/Option.js'
import { numberAt } from '../../bytes/number-at.js'
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
import { magics } from '../../session/first-numbers.js'
import { type OwnProtocol, ownProtocol } from '../../session/own/own-protocol.js'
import type { Added, Api, Encoded, Flaw, Input, Loaded, RowData, Settings, Shown, Wrong } from './api.js'
import { type Change, type Editable, Editing } from './editing.js'
import { type Bytes, fromJsonText, fromNarInfo } from './encoding.js'
import { type Filter, type Filtered, noFilter, sifted } from './filter.js'
import { Finder, type Found, problemWith, type Query } from './finding.js'
import { type Item, itemOf, type StreamIndex } from './item.js'
import { type ItemPath, Outline } from './outline.js'
import { overviewOf } from './overview.js'
import { exportsOf } from './own-module.js'
import { readOwnSession } from './own-session.js'
import type { Pace } from './pace.js'
import { PartItem } from './part-item.js'
import { type Details, inRow } from './plain-text.js'
import { type Region, regionsOf } from './regions.js'
import { rowData } from './row-data.js'
import { SessionReading } from './session.js'
import type { Timeline } from './timeline.js'

const nothing = itemOf({ kind: 'group' })

// The limits of parts that are opened without a click.
const mostOpened = 120
const longestOpened = 20

// The number of rows that are searched for a name.
const mostSought = 200_000
// The milliseconds for which a session is read before its rows are shown, and again each time.
const usualSlice = 250

/** What has been read of a session so far. */
interface SessionState {
  readonly timeline: Timeline
  readonly issues: ReadonlyArray<Pick<IssueEvent, 'side' | 'issue'> & Partial<Pick<IssueEvent, 'guess'>>>
  readonly omitted: number
  readonly pending: string | null
  readonly serverName: 'daemon' | 'server'
  readonly pace: Pace | null
  readonly read: number
}

const flawOf = ({ side, issue }: Pick<IssueEvent, 'side' | 'issue'>, serverName: string): Flaw => ({
  stream: side === 'client' ? 0 : 1,
  offset: issue.offset,
  text: inRow(`${side === 'client' ? side : serverName}: ${showIssue(issue)}`),
})

const givenBy = ({ version, features, storeDir }: Settings): Partial<Protocol> =>
  protocol({ version, features, storeDir })

const profileOf = ({ canonical }: Settings): Profile => (canonical ? 'canonical' : 'compatible')

/** Reads an input and keeps its items. */
export class Engine implements Api {
  #root: Item = nothing
  #outline = new Outline(nothing)
  #streams: ReadonlyArray<Uint8Array> = []
  /** The item whose children are filtered. */
  #filtered: ItemPath = []
  #filter = noFilter
  #own: ReadonlyArray<OwnProtocol> = []
  #session: SessionState | null = null
  readonly #finder = new Finder()
  readonly #slice: number

  /** Reads sessions for that many milliseconds at a time. */
  constructor(slice: number = usualSlice) {
    this.#slice = slice
  }

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
    this.#finder.stop()
    this.#look(nothing, [], [])
    this.#session = null
    try {
      return input.kind === 'message'
        ? this.#loadMessage(input.bytes, settings)
        : this.#loadSession(input, settings)
    } catch (error) {
      // The store directory or a feature is invalid.
      if (error instanceof RangeError || error instanceof TypeError) {
        return { _tag: 'Refused', problem: unquoted(error.message) }
      }
      throw error
    }
  }

  /** Sets the root item. */
  #look(root: Item, streams: ReadonlyArray<Uint8Array>, filtered: ItemPath): void {
    this.#root = root
    this.#outline = new Outline(root)
    this.#streams = streams
    this.#filtered = filtered
    this.filter({ ...noFilter, framing: this.#filter.framing })
  }

  get #types(): ReadonlyMap<string, AnyGrammar> {
    return new Map(this.#own.flatMap(({ types }) => [...types]))
  }

  #loadMessage(bytes: Uint8Array, settings: Settings): Loaded {
    const grammar = parseTypeExpression(settings.type, this.#types)
    if (isLeft(grammar)) {
      return { _tag: 'Refused', problem: unquoted(grammar.left) }
    }
    const given = givenBy(settings)
    const profile = profileOf(settings)
    const { tree, result, issues, omitted } = dissect(grammar.right, given, bytes, { profile })
    const place = { stream: 0, base: 0 } as const
    const whole = tree === null ? [] : [PartItem.of(tree, place, grammar.right, given, 'message')]
    this.#look(itemOf({ kind: 'group', children: () => whole }), [bytes], [0])
    this.#outline.open([0])
    this.#outline.openShort(mostOpened, longestOpened)
    const wrong: Wrong | null = isLeft(result)
      ? {
          stream: 0,
          offset: result.left.offset,
          text: inRow(showIssue(result.left)),
          guess: null,
          others: issues
            .slice(1)
            .map((issue) => ({ stream: 0 as const, offset: issue.offset, text: inRow(showIssue(issue)) })),
          omitted,
        }
      : null
    return {
      _tag: 'Loaded',
      rows: this.#outline.rows,
      wrong,
      pending: null,
      serverName: 'daemon',
      overview: null,
      read: 1,
    }
  }

  #loadSession(input: Input & { readonly kind: 'session' }, { storeDir }: Settings): Loaded {
    const session = this.#sessionOf(input, storeDir === '' ? {} : { storeDir })
    this.#look(session.timeline, [input.client, input.server], [])
    this.#session = session
    return this.more()
  }

  more(): Loaded {
    const session = this.#session
    if (session === null) {
      return { _tag: 'Refused', problem: 'no session is being read' }
    }
    if (session instanceof SessionReading) {
      session.advance(this.#slice)
    }
    // The filtered rows grow too.
    const { rows } = this.filter(this.#filter)
    const { timeline, issues, omitted, pending, serverName, pace, read } = session
    const flaw = (event: Pick<IssueEvent, 'side' | 'issue'>): Flaw => flawOf(event, serverName)
    const [first, ...others] = issues
    const wrong: Wrong | null =
      first === undefined
        ? null
        : {
            ...flaw(first),
            guess: first.guess !== undefined && isSome(first.guess) ? inRow(first.guess.value) : null,
            others: others.map(flaw),
            omitted,
          }
    const [client, server] = this.#streams.map(({ length }) => length)
    const overview = overviewOf(timeline, [client ?? 0, server ?? 0], pace)
    return { _tag: 'Loaded', rows, wrong, pending, serverName, overview, read }
  }

  /** Reads a session. Sessions of Nix are recognised by their first bytes. */
  #sessionOf(
    input: Input & { readonly kind: 'session' },
    given: { readonly storeDir?: string },
  ): SessionState {
    const conversation = this.#own.find((own) => own.conversation !== null)?.conversation ?? null
    if (conversation === null || numberAt(input.client) === magics.client) {
      const operations = this.#own.find((own) => own.operations !== null)?.operations ?? null
      return new SessionReading(input, operations === null ? given : { ...given, operations })
    }
    const protocol = { ...conversation.protocol, ...given }
    return {
      ...readOwnSession(input, { ...conversation, protocol }),
      omitted: 0,
      pending: null,
      serverName: 'server',
      pace: null,
      read: 1,
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
      // The settings are invalid.
      return { _tag: 'Refused', problem: unquoted(messageOf(error)) }
    }
  }

  rows(from: number, to: number): ReadonlyArray<RowData> {
    const rows: Array<RowData> = []
    for (let row = Math.max(0, from); row < Math.min(to, this.#outline.rows); row++) {
      rows.push(rowData(this.#outline, row, this.#outline.pathAt(row)) as RowData)
    }
    return rows
  }

  filter(filter: Filter): Filtered {
    this.#filter = filter
    const item = this.#outline.item(this.#filtered)
    const indexes = item === null ? null : sifted(item, filter)
    this.#outline.lens = {
      framing: filter.framing,
      only: indexes === null ? null : { path: this.#filtered, indexes },
    }
    const of = item?.count ?? 0
    return { rows: this.#outline.rows, left: indexes?.length ?? of, of }
  }

  async find(query: Query): Promise<Found> {
    const problem = problemWith(query)
    if (problem !== null) {
      return { _tag: 'Unclear', problem }
    }
    const place = await this.#finder.find(query, this.#root, this.#outline, this.#streams)
    if (place === null || place === 'stopped') {
      return { _tag: place === null ? 'Nothing' : 'Stopped' }
    }
    return 'path' in place
      ? { _tag: 'Found', shown: this.reveal(place.path), bytes: null }
      : { _tag: 'Found', shown: this.revealAt(place.bytes.stream, place.bytes.start), bytes: place.bytes }
  }

  stopFinding(): void {
    this.#finder.stop()
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
    return this.#shown(this.#outline.shown(path))
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
        return { rows, found: rowData(this.#outline, row, path) }
      }
    }
    return { rows, found: null }
  }

  locate(stream: StreamIndex, offset: number): RowData | null {
    const path = this.#outline.at(stream, offset)
    return rowData(this.#outline, this.#outline.rowOf(path), path)
  }

  regions(stream: StreamIndex, from: number, to: number): ReadonlyArray<Region> {
    return regionsOf(this.#outline, stream, from, to)
  }

  details(path: ItemPath, all: boolean): Details {
    return this.#outline.item(path)?.details(all) ?? { text: '', omitted: 0 }
  }

  #shown(path: ItemPath): Shown {
    return { rows: this.#outline.rows, found: rowData(this.#outline, this.#outline.rowOf(path), path) }
  }
}
