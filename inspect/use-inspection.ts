import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { type Form, formOf, read } from '../bytes/forms.js'
import { newestVersion } from '../types/nix-protocol.js'
import type { Input, Loaded, Moment, RowData, Settings, Shown } from './engine/api.js'
import { Connection, Superseded } from './engine/connection.js'
import type { StreamIndex } from './engine/item.js'
import type { ItemPath } from './engine/outline.js'
import { type Captured, isCapture, readCapture } from './input/captures.js'
import type { Given } from './input/files.js'

/** What is looked at: a message as it came, with how it is to be read, or both sides of a session. */
export type Source =
  | { readonly kind: 'message'; readonly name: string; readonly raw: Uint8Array; readonly form: Form }
  | {
      readonly kind: 'session'
      readonly name: string
      readonly client: Uint8Array
      readonly server: Uint8Array
      readonly moments: ReadonlyArray<Moment> | null
      /** All connections of the recording, and which of them this is; null for two files of bytes. */
      readonly capture: {
        readonly connections: ReadonlyArray<Captured>
        readonly chosen: number
      } | null
    }

export const messageSource = (name: string, raw: Uint8Array): Source => ({
  kind: 'message',
  name,
  raw,
  form: formOf(raw),
})

/** What one file holds: a recording of both sides, or else a message. */
export const fileSource = ({
  name,
  bytes,
}: Given): { readonly source: Source; readonly note: string | null } => {
  if (!isCapture(bytes)) {
    return { source: messageSource(name, bytes), note: null }
  }
  const { connections, note } = readCapture(bytes)
  return { source: connectionSource(name, connections, 0), note }
}

/** One of the connections of a recording. */
export const connectionSource = (
  name: string,
  connections: ReadonlyArray<Captured>,
  chosen: number,
): Source => {
  const captured = connections[chosen]
  if (captured === undefined) {
    throw new RangeError(`there is no connection ${chosen + 1}`)
  }
  return { kind: 'session', name, ...captured, capture: { connections, chosen } }
}

export const sourceOf = (name: string, input: Input): Source =>
  input.kind === 'message'
    ? { kind: 'message', name, raw: input.bytes, form: 'bytes' }
    : { ...input, name, capture: null }

export const defaults: Settings = {
  type: 'ValidPathInfo',
  version: newestVersion,
  features: [],
  storeDir: '',
  canonical: false,
}

type Types = ReadonlyArray<readonly [section: string, names: ReadonlyArray<string>]>

/** What to look at, and what is to be selected in it once it is read. */
export interface Wanted {
  readonly source: Source
  readonly settings: Settings
  readonly selected: ItemPath | null
}

/** How many rows there are, and which of them is selected. */
export interface Current {
  readonly count: number
  readonly selected: RowData | null
}

/** Reads what is looked at, and keeps what is selected and pointed at in step. */
export const useInspection = (first: Wanted) => {
  const connection = useMemo(() => new Connection(), [])
  const [wanted, setWanted] = useState(first)
  const [types, setTypes] = useState<Types>([])
  const [loaded, setLoaded] = useState<Loaded | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  const [rows, setRows] = useState({ count: 0, revision: 0 })
  const [selected, setSelected] = useState<RowData | null>(null)
  const [pointed, setPointed] = useState<RowData | null>(null)
  const [cursor, setCursor] = useState<{ readonly stream: StreamIndex; readonly offset: number } | null>(null)
  const [details, setDetails] = useState('')
  const [rowTarget, setRowTarget] = useState<{ readonly row: number } | null>(null)

  const input = useMemo(() => inputOf(wanted.source), [wanted.source])

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
    if (input._tag === 'Unreadable') {
      return
    }
    connection.ask('load', input.input, effective(wanted.settings, input.input)).then((answer) => {
      setLoaded(answer)
      if (answer._tag === 'Loaded') {
        count(answer.rows)
        const { wrong } = answer
        if (wanted.selected !== null) {
          follow(connection.ask('reveal', wanted.selected))
        } else if (wrong !== null) {
          const { stream, offset } = wrong
          follow(connection.ask('revealAt', stream, offset), { stream, offset })
        }
      }
    }, fail)
  }, [connection, input, wanted.settings, wanted.selected, count, fail, follow, show])

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
    ...wanted,
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
      setWanted((before) => ({ ...before, settings: { ...before.settings, ...settings }, selected: null })),
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
    toggle: ({ path }: RowData, open: boolean) => follow(connection.ask('toggle', path, open)),
  }
}

const inputOf = (
  source: Source,
):
  | { readonly _tag: 'Input'; readonly input: Input }
  | { readonly _tag: 'Unreadable'; readonly problem: string } => {
  if (source.kind === 'session') {
    const { client, server, moments } = source
    return { _tag: 'Input', input: { kind: 'session', client, server, moments } }
  }
  const found = read(source.raw, source.form)
  return found._tag === 'Read' ? { _tag: 'Input', input: { kind: 'message', bytes: found.bytes } } : found
}

/** An empty store directory is found in a session, and the usual one of a message. */
const effective = (settings: Settings, { kind }: Input): Settings =>
  settings.storeDir === '' && kind === 'message' ? { ...settings, storeDir: '/nix/store' } : settings
