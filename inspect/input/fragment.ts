import { isSome } from 'fp-ts/lib/Option.js'
import { parseVersion } from '../../combinators/version.js'
import type { Input, Settings } from '../engine/api.js'
import type { ItemPath } from '../engine/outline.js'
import { fromBase64url, toBase64url } from './base64url.js'

/** What a link says: everything in it may be missing. */
export interface Shared {
  readonly settings: Partial<Settings>
  readonly input: Input | null
  /** What the command serves: files of a message or a session, by their names. */
  readonly served: ReadonlyArray<string>
  /** The modules that it serves, by their names. */
  readonly modules: ReadonlyArray<string>
  readonly selected: ItemPath | null
}

/** Larger inputs are not put into a link: not every browser and mail program takes a longer one. */
export const largestShared = 32 * 1024

export const sizeOf = (input: Input): number =>
  input.kind === 'message' ? input.bytes.length : input.client.length + input.server.length

/** A link's fragment without its `#`; the input is left out where it is too large. */
export const fragmentOf = (input: Input | null, settings: Settings, selected: ItemPath | null): string => {
  const fields = new URLSearchParams()
  const isSession = input?.kind === 'session'
  if (!isSession) {
    fields.set('type', settings.type)
    fields.set('protocol', settings.version)
    if (settings.features.length > 0) {
      fields.set('features', settings.features.join(','))
    }
    if (settings.canonical) {
      fields.set('canonical', '1')
    }
  }
  if (settings.storeDir !== '') {
    fields.set('store', settings.storeDir)
  }
  if (input !== null && sizeOf(input) <= largestShared) {
    if (input.kind === 'message') {
      fields.set('bytes', toBase64url(input.bytes))
    } else {
      fields.set('client', toBase64url(input.client))
      fields.set('daemon', toBase64url(input.server))
    }
    if (selected !== null) {
      fields.set('at', selected.join('.'))
    }
  }
  return fields.toString()
}

// A link comes from anyone. What is longer than any that is made here is not looked at.
const longest = 256 * 1024
const longestWord = 1000

/** Null where there is nothing to read; what is no good in a fragment is passed over. */
export const readFragment = (fragment: string): Shared | null => {
  const text = fragment.replace(/^#/, '')
  if (text === '' || text.length > longest) {
    return null
  }
  const fields = new URLSearchParams(text)
  const word = (name: string): string | null => {
    const value = fields.get(name)
    return value === null || value.length > longestWord ? null : value
  }
  return {
    settings: settingsIn(word),
    input: inputIn(fields),
    served: fields
      .getAll('file')
      .slice(0, 2)
      .map((name) => name.slice(0, longestWord)),
    modules: fields
      .getAll('module')
      .slice(0, 16)
      .map((name) => name.slice(0, longestWord)),
    selected: pathIn(word('at')),
  }
}

const settingsIn = (word: (name: string) => string | null): Partial<Settings> => {
  const type = word('type')
  const version = parseVersion(word('protocol') ?? '')
  const features = word('features')
  const storeDir = word('store')
  return {
    ...(type === null ? {} : { type }),
    ...(isSome(version) ? { version: version.value } : {}),
    ...(features === null ? {} : { features: features.split(',').filter((each) => each !== '') }),
    ...(storeDir === null ? {} : { storeDir }),
    ...(word('canonical') === '1' ? { canonical: true } : {}),
  }
}

const inputIn = (fields: URLSearchParams): Input | null => {
  const bytesIn = (name: string): Uint8Array | null => {
    const value = fields.get(name)
    return value === null ? null : fromBase64url(value)
  }
  const [bytes, client, server] = [bytesIn('bytes'), bytesIn('client'), bytesIn('daemon')]
  if (client !== null && server !== null) {
    return { kind: 'session', client, server, moments: null }
  }
  return bytes === null ? null : { kind: 'message', bytes }
}

const pathIn = (text: string | null): ItemPath | null =>
  text !== null && /^[0-9]{1,9}(\.[0-9]{1,9}){0,99}$/.test(text) ? text.split('.').map(Number) : null
