import { useCallback, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import { newestVersion } from '../types/nix-protocol.js'
import type { Encoded, Input, Loaded, RowData, Settings, Shown } from './engine/api.js'
import { Connection, Superseded } from './engine/connection.js'
import type { Change } from './engine/editing.js'
import type { Filter, Filtered } from './engine/filter.js'
import type { Found, Query } from './engine/finding.js'
import type { Span, StreamIndex } from './engine/item.js'
import type { ItemPath } from './engine/outline.js'
import type { Details } from './engine/plain-text.js'
import { nothing, readingOf, type Source, type Wanted } from './input/source.js'

export const defaults: Settings = {
  type: 'ValidPathInfo',
  version: newestVersion,
  features: [],
  storeDir: '',
  canonical: false,
}

/** A byte of one of the streams. */
interface ByteAt {
  readonly stream: StreamIndex
  readonly offset: number
}

const startOf = (row: RowData | null): ByteAt | null => {
  const span = row?.spans[0]
  return span === undefined ? null : { stream: span.stream, offset: span.start }
}

const noDetails: Details = { text: '', omitted: 0 }

type Types = ReadonlyArray<readonly [section: string, names: ReadonlyArray<string>]>

/** The number of rows, and the selected one. */
export interface Current {
  readonly count: number
  readonly selected: RowData | null
  /** Settles when the selection that was asked for last is there. */
  readonly answered: Promise<unknown>
}

/** Reads the input, and keeps the selection and the pointed-at item of all views the same. */
export const useInspection = (first: Wanted | null) => {
  const connection = useMemo(() => new Connection(), [])
  const [wanted, setWanted] = useState<Wanted>(
    first ?? { source: nothing, settings: defaults, selected: null },
  )
  const [types, setTypes] = useState<Types>([])
  const [loaded, setLoaded] = useState<Loaded | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  const [rows, setRows] = useState({ count: 0, revision: 0 })
  const [selected, setSelected] = useState<RowData | null>(null)
  const [pointed, setPointed] = useState<RowData | null>(null)
  const [cursor, setCursor] = useState<ByteAt | null>(null)
  const [details, setDetails] = useState(noDetails)
  const [chosen, setChosen] = useState<Span | null>(null)
  const [rowTarget, setRowTarget] = useState<{ readonly row: number } | null>(null)

  const input = useMemo(() => readingOf(wanted.source), [wanted.source])

  /** Handles errors; answers about an input that was replaced are ignored. */
  const fail = useCallback((error: unknown) => {
    if (!(error instanceof Superseded)) {
      setFailure(error instanceof Error ? error.message : String(error))
    }
  }, [])

  const [added, setAdded] = useState(0)
  useLayoutEffect(() => {
    connection.ask('types').then(setTypes, fail)
  }, [connection, fail, added])

  // The newest state, which the page may not show yet.
  const current = useRef<Current>({ count: 0, selected: null, answered: Promise.resolve() })
  const count = useCallback((rows: number) => {
    current.current = { ...current.current, count: rows }
    setRows(({ revision }) => ({ count: rows, revision: revision + 1 }))
  }, [])

  const select = useCallback((found: RowData | null) => {
    current.current = { ...current.current, selected: found }
    setSelected(found)
    if (found !== null && found.row >= 0) {
      setRowTarget({ row: found.row })
    }
  }, [])
  // The number of times that the cursor was moved.
  const moves = useRef(0)
  const move = useCallback((at: ByteAt | null, bytes: Span | null = null) => {
    moves.current++
    setCursor(at)
    setChosen(bytes)
  }, [])
  const show = useCallback(
    (found: RowData | null, at: ByteAt | null = startOf(found), bytes: Span | null = null) => {
      select(found)
      move(at, bytes)
    },
    [select, move],
  )

  // Answers may come out of order: only the newest is shown, and the cursor stays where it was moved since.
  const turn = useRef(0)
  const waitFor = useCallback(
    (asked: Promise<RowData | null>, at?: ByteAt): Promise<void> => {
      const mine = ++turn.current
      const before = moves.current
      const answered = asked.then((found) => {
        if (mine === turn.current) {
          select(found)
          if (before === moves.current) {
            move(at ?? startOf(found))
          }
        }
      }, fail)
      current.current = { ...current.current, answered }
      return answered
    },
    [fail, select, move],
  )
  const follow = useCallback(
    (asked: Promise<Shown>, at?: ByteAt) =>
      waitFor(
        asked.then(({ rows: known, found }) => {
          count(known)
          return found
        }),
        at,
      ),
    [count, waitFor],
  )

  // The number of times that something was opened, or began to be.
  const actions = useRef(0)
  const unchanged = useCallback((): (() => boolean) => {
    const before = actions.current
    return () => before === actions.current
  }, [])

  // A long session is read on until the user stops it.
  const stopped = useRef(false)
  const goOn = useRef(() => {})

  // Each input starts without a selection.
  useLayoutEffect(() => {
    turn.current++
    setLoaded(null)
    setFailure(null)
    show(null)
    setPointed(null)
    count(0)
    if (input._tag !== 'Input') {
      return
    }
    let isWanted = true
    let isShown = false
    /** Shows the wanted item, or the first with an issue. */
    const showFirst = ({ wrong, read }: Loaded & { readonly _tag: 'Loaded' }): void => {
      const at = wanted.cursor ?? (wanted.selected === null ? wrong : null)
      const isThere = wanted.cursor == null && wanted.selected === null ? wrong !== null : read === 1
      if (isShown || !isThere) {
        return
      }
      isShown = true
      const cursor = at === null ? undefined : { stream: at.stream, offset: at.offset }
      if (wanted.selected !== null) {
        follow(connection.ask('reveal', wanted.selected), cursor)
      } else if (cursor !== undefined) {
        follow(connection.ask('revealAt', cursor.stream, cursor.offset), cursor)
      }
    }
    const take = (answer: Loaded): void => {
      if (!isWanted) {
        return
      }
      setLoaded(answer)
      if (answer._tag === 'Loaded') {
        count(answer.rows)
        showFirst(answer)
        if (answer.read < 1 && !stopped.current) {
          connection.ask('more').then(take, fail)
        }
      }
    }
    stopped.current = false
    goOn.current = () => {
      stopped.current = false
      connection.ask('more').then(take, fail)
    }
    connection.ask('load', input.input, effective(wanted.settings, input.input)).then(take, fail)
    return () => {
      isWanted = false
    }
  }, [connection, input, wanted.settings, wanted.selected, wanted.cursor, count, fail, follow, show])

  useLayoutEffect(() => {
    setDetails(noDetails)
    if (selected !== null) {
      const { path } = selected
      const isStill = (): boolean => current.current.selected?.path === path
      connection
        .ask('details', path, false)
        .then((found) => (isStill() ? setDetails(found) : undefined), fail)
    }
  }, [connection, selected, fail])

  const wholeDetails = useCallback(
    async (path: ItemPath): Promise<string | null> =>
      (await connection.ask('details', path, true).catch((error: unknown) => fail(error) ?? null))?.text ??
      null,
    [connection, fail],
  )

  // While the pointer moves, only the newest position matters.
  const pointing = useRef({ isAsking: false, next: null as null | (() => void) })
  const pointAt = useCallback(
    (stream: StreamIndex, offset: number | null) => {
      const state = pointing.current
      const ask = (): void => {
        state.next = null
        if (offset === null) {
          setPointed(null)
          return
        }
        state.isAsking = true
        connection
          .ask('locate', stream, offset)
          .then((found) => setPointed(found), fail)
          .finally(() => {
            state.isAsking = false
            state.next?.()
          })
      }
      if (state.isAsking) {
        state.next = ask
      } else {
        ask()
      }
    },
    [connection, fail],
  )

  const regions = useCallback(
    (stream: StreamIndex, from: number, to: number) => connection.ask('regions', stream, from, to),
    [connection],
  )
  const cursorNow = useRef(cursor)
  cursorNow.current = cursor
  const find = useCallback(
    async (query: Omit<Query, 'path' | 'at'>): Promise<Found | null> => {
      await current.current.answered
      const path = current.current.selected?.path ?? []
      const asked = connection.ask('find', { ...query, path, at: cursorNow.current })
      const found = await asked.catch((error: unknown) => fail(error) ?? null)
      if (found?._tag === 'Found') {
        turn.current++
        count(found.shown.rows)
        const { bytes } = found
        const at = bytes === null ? undefined : { stream: bytes.stream, offset: bytes.start }
        show(found.shown.found, at, bytes)
      }
      return found
    },
    [connection, count, fail, show],
  )
  const filter = useCallback(
    async (wanted: Filter): Promise<Filtered | null> => {
      const filtered = await connection.ask('filter', wanted).catch((error: unknown) => fail(error) ?? null)
      const path = current.current.selected?.path
      if (filtered !== null) {
        count(filtered.rows)
        await (path === undefined ? undefined : follow(connection.ask('reveal', path)))
      }
      return filtered
    },
    [connection, count, fail, follow],
  )
  const stopFinding = useCallback(() => {
    connection.ask('stopFinding').catch(fail)
  }, [connection, fail])
  const fetch = useCallback((from: number, to: number) => connection.ask('rows', from, to), [connection])

  return {
    source: wanted.source,
    settings: wanted.settings,
    /** The selection to make after the input is read. */
    wanted: wanted.selected,
    input,
    types,
    loaded,
    failure,
    rows,
    selected,
    pointed,
    cursor,
    details,
    rowTarget,
    fetch,
    regions,
    find,
    filter,
    /** Ends the reading. The part of a session shown so far stays. */
    stop: (): void => {
      stopped.current = true
      setLoaded((before) => {
        if (before === null) {
          connection.stop()
          setFailure('The reading was stopped.')
        }
        return before === null ? null : { ...before }
      })
    },
    goOn: (): void => goOn.current(),
    isStopped: stopped.current,
    stopFinding,
    chosen,
    wholeDetails,
    showAll: async (): Promise<void> => {
      const path = selected?.path
      const text = path === undefined ? null : await wholeDetails(path)
      if (text !== null && current.current.selected?.path === path) {
        setDetails({ text, omitted: 0 })
      }
    },
    /** Selects bytes in the hex view; the last one has the cursor. */
    choose: (stream: StreamIndex, from: number, to: number): void =>
      move({ stream, offset: to }, { stream, start: Math.min(from, to), end: Math.max(from, to) + 1 }),
    current,
    point: setPointed,
    pointAt,
    /**
     * Begins an action that opens something later. The function says whether it still may: nothing has been opened, and
     * no such action has begun, after it.
     */
    begin: (): (() => boolean) => {
      actions.current++
      return unchanged()
    },
    /** The same without beginning one. */
    unchanged,
    follow: (other: Wanted): void => {
      actions.current++
      setWanted(other)
    },
    open: (source: Source, settings: Partial<Settings> = {}): void => {
      actions.current++
      setWanted((before) => ({ source, settings: { ...before.settings, ...settings }, selected: null }))
    },
    /** Replaces the input by an edited one. What is selected stays, or else this. */
    replace: (source: Source, otherwise: ItemPath | null): void => {
      actions.current++
      const path = current.current.selected?.path ?? otherwise
      setWanted(({ settings }) => ({ source, settings, selected: path, cursor: cursorNow.current }))
    },
    set: (settings: Partial<Settings>) =>
      setWanted(({ source, settings: before }) => ({
        source,
        settings: { ...before, ...settings },
        selected: null,
      })),
    /** Adds a module, and continues with the first of its types; returns its problem, or null. */
    addModule: async (name: string, source: string): Promise<string | null> => {
      const isSame = unchanged()
      const result = await connection.addModule(name, source)
      if (result._tag === 'Refused') {
        return result.problem
      }
      setAdded((count) => count + 1)
      const [type] = result.types
      const chosen = { ...result.settings, ...(type === undefined ? {} : { type }) }
      // What was opened meanwhile has settings of its own, and is read again with the types of the module.
      setWanted((before) => ({
        ...before,
        settings: { ...before.settings, ...(isSame() ? chosen : {}) },
        selected: null,
      }))
      return null
    },
    encode: (from: 'narinfo' | 'json', text: Uint8Array): Promise<Encoded> =>
      connection.ask('encode', from, text, effective(wanted.settings, { kind: 'message' })),
    editable: (bytes: Uint8Array, path: ItemPath) =>
      connection.ask('editable', bytes, effective(wanted.settings, { kind: 'message' }), path),
    edited: (bytes: Uint8Array, path: ItemPath, change: Change) =>
      connection.ask('edited', bytes, effective(wanted.settings, { kind: 'message' }), path, change),
    select: (path: ItemPath) => follow(connection.ask('reveal', path)),
    selectAt: (stream: StreamIndex, offset: number) => {
      const at = { stream, offset }
      move(at)
      return follow(connection.ask('revealAt', stream, offset), at)
    },
    selectRow: (row: number) =>
      waitFor(connection.ask('rows', row, row + 1).then(([found]) => found ?? null)),
    seek: async (text: string, from: number): Promise<boolean> => {
      const found = await connection.ask('seek', text, Math.max(0, from)).then((seen) => seen.found, fail)
      if (found) {
        turn.current++
        show(found)
      }
      return Boolean(found)
    },
    toggle: ({ path }: RowData, open: boolean) => follow(connection.ask('toggle', path, open)),
  }
}

/**
 * The settings in effect: an empty store directory means the one found in a session, or the usual one for a message.
 */
const effective = (settings: Settings, { kind }: Pick<Input, 'kind'>): Settings =>
  settings.storeDir === '' && kind === 'message' ? { ...settings, storeDir: '/nix/store' } : settings

export type Inspection = ReturnType<typeof useInspection>
