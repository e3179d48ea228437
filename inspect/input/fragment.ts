import { isSome } from 'fp-ts/lib/Option.js'
import { quoted } from '../../combinators/show.js'
import { parseVersion } from '../../combinators/version.js'
import { newestVersion } from '../../types/nix-protocol.js'
import type { Input, Settings } from '../engine/api.js'
import type { ItemPath } from '../engine/outline.js'
import { fromBase64url, toBase64url } from './base64url.js'

/** The contents of a link, all of them optional. */
export interface Shared {
  readonly settings: Partial<Settings>
  readonly input: Input | null
  /** The files of a message or a session that the command serves, by name. */
  readonly served: ReadonlyArray<string>
  /** The modules that it serves, by name. */
  readonly modules: ReadonlyArray<string>
  readonly selected: ItemPath | null
  /** Which part of it is unusable; null if none is. */
  readonly problem: string | null
}

/** Larger inputs are not put into a link: not every browser and mail program accepts a longer one. */
export const largestShared = 32 * 1024

export const sizeOf = (input: Input): number =>
  input.kind === 'message' ? input.bytes.length : input.client.length + input.server.length

/** The fragment of a link without `#`; an input that is too large is left out. */
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

// A link is untrusted. Longer ones than this page makes are ignored.
const longest = 256 * 1024
const longestWord = 1000

/** The contents of a fragment, and its problems. */
export const readFragment = (fragment: string): Shared => {
  const text = fragment.replace(/^#/, '')
  const isTooLong = text.length > longest
  const fields = new URLSearchParams(isTooLong ? '' : text)
  const word = (name: string): string | null => {
    const value = fields.get(name)
    return value === null || value.length > longestWord ? null : value
  }
  const { input, problem } = inputIn(fields)
  return {
    settings: settingsIn(word),
    input,
    served: names(fields, 'file', 2),
    modules: names(fields, 'module', 16),
    selected: pathIn(word('at')),
    problem: isTooLong ? 'This link is too long to be one of this page.' : (problem ?? versionProblem(word)),
  }
}

const names = (fields: URLSearchParams, name: string, most: number): ReadonlyArray<string> =>
  fields
    .getAll(name)
    .slice(0, most)
    .map((each) => each.slice(0, longestWord))

const versionProblem = (word: (name: string) => string | null): string | null => {
  const version = word('protocol')
  return version === null || isSome(parseVersion(version))
    ? null
    : `The version in this link, ${quoted(version)}, is none: ${newestVersion} is taken.`
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

const inputIn = (fields: URLSearchParams): Pick<Shared, 'input' | 'problem'> => {
  const found = ['bytes', 'client', 'daemon'].map((name) => {
    const value = fields.get(name)
    return value === null ? undefined : fromBase64url(value)
  })
  if (found.includes(null)) {
    return {
      input: null,
      problem: 'This link is broken: its bytes are not base64url. Was a part of it lost?',
    }
  }
  const [bytes, client, server] = found
  if (client && server) {
    return { input: { kind: 'session', client, server, moments: null }, problem: null }
  }
  return client || server
    ? { input: null, problem: 'This link is broken: one side of the session is missing.' }
    : { input: bytes ? { kind: 'message', bytes } : null, problem: null }
}

const pathIn = (text: string | null): ItemPath | null =>
  text !== null && /^[0-9]{1,9}(\.[0-9]{1,9}){0,99}$/.test(text) ? text.split('.').map(Number) : null
