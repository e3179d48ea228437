import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { newestVersion } from '../types/nix-protocol.js'
import type { Encoded, Input, Loaded, RowData, Settings, Shown } from './engine/api.js'
import { Connection, Superseded } from './engine/connection.js'
import type { Change } from './engine/editing.js'
import type { StreamIndex } from './engine/item.js'
import type { ItemPath } from './engine/outline.js'
import { nothing, readingOf, type Source, type Wanted } from './input/source.js'

export const defaults: Settings = {
  type: 'ValidPathInfo',
  version: newestVersion,
  features: [],
  storeDir: '',
  canonical: false,
}

type Types = ReadonlyArray<readonly [section: string, names: ReadonlyArray<string>]>

/** How many rows there are, and which of them is selected. */
export interface Current {
  readonly count: number
  readonly selected: RowData | null
}

/** Reads what is looked at, and keeps what is selected and pointed at in step. */
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
  const [cursor, setCursor] = useState<{ readonly stream: StreamIndex; readonly offset: number } | null>(null)
  const [details, setDetails] = useState('')
  const [rowTarget, setRowTarget] = useState<{ readonly row: number } | null>(null)

  const input = useMemo(() => readingOf(wanted.source), [wanted.source])

  /** What is asked about an input that is gone needs no answer. */
  const fail = useCallback((error: unknown) => {
    if (!(error instanceof Superseded)) {
      setFailure(error instanceof Error ? error.message : String(error))
    }
  }, [])

  const [added, setAdded] = useState(0)
  useEffect(() => {
    connection.ask('types').then(setTypes, fail)
  }, [connection, fail, added])

  // What is known now, while the page may not have been drawn since.
  const current = useRef<Current>({ count: 0, selected: null })
  const count = useCallback((rows: number) => {
    current.current = { ...current.current, count: rows }
    setRows(({ revision }) => ({ count: rows, revision: revision + 1 }))
  }, [])

  const show = useCallback((found: RowData | null, at?: { stream: StreamIndex; offset: number }) => {
    current.current = { ...current.current, selected: found }
    setSelected(found)
    const span = found?.spans[0]
    setCursor(at ?? (span === undefined ? null : { stream: span.stream, offset: span.start }))
    if (found !== null) {
      setRowTarget({ row: found.row })
    }
  }, [])

  // Of answers that come late only the newest is shown.
  const turn = useRef(0)
  const follow = useCallback(
    (asked: Promise<Shown>, at?: { stream: StreamIndex; offset: number }) => {
      const mine = ++turn.current
      return asked.then(({ rows: known, found }) => {
        count(known)
        if (mine === turn.current) {
          show(found, at)
        }
      }, fail)
    },
    [count, fail, show],
  )

  // Each reading begins with nothing selected.
  useEffect(() => {
    turn.current++
    setLoaded(null)
    setFailure(null)
    show(null)
    setPointed(null)
    count(0)
    if (input._tag !== 'Input') {
      return
    }
    connection.ask('load', input.input, effective(wanted.settings, input.input)).then((answer) => {
      setLoaded(answer)
      if (answer._tag === 'Loaded') {
        count(answer.rows)
        const { wrong } = answer
        if (wanted.cursor != null) {
          const { stream, offset } = wanted.cursor
          const asked =
            wanted.selected === null
              ? connection.ask('revealAt', stream, offset)
              : connection.ask('reveal', wanted.selected)
          follow(asked, wanted.cursor)
        } else if (wanted.selected !== null) {
          follow(connection.ask('reveal', wanted.selected))
        } else if (wrong !== null) {
          const { stream, offset } = wrong
          follow(connection.ask('revealAt', stream, offset), { stream, offset })
        }
      }
    }, fail)
  }, [connection, input, wanted.settings, wanted.selected, wanted.cursor, count, fail, follow, show])

  useEffect(() => {
    setDetails('')
    if (selected !== null) {
      connection.ask('details', selected.path).then(setDetails, fail)
    }
  }, [connection, selected, fail])

  // While the pointer moves, only the newest question is worth asking.
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

  const fetch = useCallback((from: number, to: number) => connection.ask('rows', from, to), [connection])

  return {
    source: wanted.source,
    settings: wanted.settings,
    /** What is to be selected once it is read. */
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
    current,
    point: setPointed,
    pointAt,
    follow: setWanted,
    open: (source: Source, settings: Partial<Settings> = {}) =>
      setWanted((before) => ({ source, settings: { ...before.settings, ...settings }, selected: null })),
    set: (settings: Partial<Settings>) =>
      setWanted(({ source, settings: before }) => ({
        source,
        settings: { ...before, ...settings },
        selected: null,
      })),
    /** Adds a module, and reads on with the first of its types; what is wrong with it, or null. */
    addModule: async (name: string, source: string): Promise<string | null> => {
      const result = await connection.addModule(name, source)
      if (result._tag === 'Refused') {
        return result.problem
      }
      setAdded((count) => count + 1)
      const [type] = result.types
      setWanted((before) => ({
        ...before,
        settings: { ...before.settings, ...result.settings, ...(type === undefined ? {} : { type }) },
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
      setCursor(at)
      return follow(connection.ask('revealAt', stream, offset), at)
    },
    selectRow: (row: number) => {
      const mine = ++turn.current
      return connection.ask('rows', row, row + 1).then(([found]) => {
        if (mine === turn.current) {
          show(found ?? null)
        }
      }, fail)
    },
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

/** An empty store directory is found in a session, and the usual one of a message. */
const effective = (settings: Settings, { kind }: Pick<Input, 'kind'>): Settings =>
  settings.storeDir === '' && kind === 'message' ? { ...settings, storeDir: '/nix/store' } : settings

export type Inspection = ReturnType<typeof useInspection>
