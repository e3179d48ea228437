import { type Form, formOf, type Read, read } from '../../bytes/forms.js'
import { isCapture } from '../../session/recording/is-capture.js'
import type { Input, Moment, Settings } from '../engine/api.js'
import type { StreamIndex } from '../engine/item.js'
import type { ItemPath } from '../engine/outline.js'
import { type Captured, readCapture } from './captures.js'
import type { Given } from './files.js'

/** A message, and how to read it. */
export interface MessageSource {
  readonly kind: 'message'
  readonly name: string
  readonly raw: Uint8Array
  readonly form: Form
}

/** Both sides of a session. */
export interface SessionSource {
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

/** What is looked at. */
export type Source = MessageSource | SessionSource | { readonly kind: 'nothing'; readonly name: '' }

/** An input, and the selection to make in it. */
export interface Wanted {
  readonly source: Source
  readonly settings: Settings
  readonly selected: ItemPath | null
  /** The byte of the cursor, if it is not the first selected one. */
  readonly cursor?: { readonly stream: StreamIndex; readonly offset: number } | null
}

export const nothing: Source = { kind: 'nothing', name: '' }

export const messageSource = (name: string, raw: Uint8Array): MessageSource => ({
  kind: 'message',
  name,
  raw,
  form: formOf(raw),
})

/** A session of two files, in the given order. */
export const sessionSource = (client: Given, server: Given): SessionSource => ({
  kind: 'session',
  name: [client.name, server.name].filter((name) => name !== '').join(', '),
  client: client.bytes,
  server: server.bytes,
  moments: null,
  capture: null,
})

/** The input in one file: a recording of both sides, or otherwise a message. */
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
): SessionSource => {
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

/** The session with its sides exchanged. */
export const swapped = ({ client, server, ...source }: SessionSource): SessionSource => ({
  ...source,
  client: server,
  server: client,
  moments: null,
  capture: null,
})

/** The input for the library, or why there is none. */
export type Reading =
  | { readonly _tag: 'Input'; readonly input: Input }
  | { readonly _tag: 'Unreadable'; readonly problem: string }
  | { readonly _tag: 'Nothing' }

export const readingOf = (source: Source): Reading => {
  switch (source.kind) {
    case 'nothing':
      return { _tag: 'Nothing' }
    case 'session': {
      const { client, server, moments } = source
      return { _tag: 'Input', input: { kind: 'session', client, server, moments } }
    }
    case 'message': {
      const found: Read = read(source.raw, source.form)
      return found._tag === 'Read'
        ? { _tag: 'Input', input: { kind: 'message', bytes: found.bytes } }
        : { _tag: 'Unreadable', problem: found.problem }
    }
  }
}
