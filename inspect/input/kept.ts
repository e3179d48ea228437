import { isLeft } from 'fp-ts/lib/Either.js'
import { decodeBase64, encodeBase64 } from '../../bytes/base64.js'
import type { Settings } from '../engine/api.js'
import type { ItemPath } from '../engine/outline.js'
import type { Source } from './source.js'

/** What was open at an entry of the tab's history; without a source it is what the address says. */
export interface Place {
  readonly source: Source | null
  readonly settings: Settings
  readonly selected: ItemPath | null
}

/** The limit of what is stored: browsers give a page some five million characters. */
const most = 3 * 2 ** 20

const sizeOf = (source: Source | null): number =>
  source === null || source.kind === 'nothing'
    ? 0
    : source.kind === 'message'
      ? source.raw.length
      : source.capture === null
        ? source.client.length + source.server.length
        : source.capture.connections.reduce(
            (sum, { client, server }) => sum + client.length + server.length,
            0,
          )

const bytesKey = 'base64'

/** A place as text; null for one that is too large. */
export const toKept = (place: Place): string | null =>
  sizeOf(place.source) > most
    ? null
    : JSON.stringify(place, (_, value: unknown) =>
        value instanceof Uint8Array ? { [bytesKey]: encodeBase64(value) } : value,
      )

/** The place of such a text; null for another one. */
export const fromKept = (text: string | null): Place | null => {
  if (text === null) {
    return null
  }
  const place = JSON.parse(text, (_, value: unknown) => {
    if (typeof value !== 'object' || value === null || !(bytesKey in value)) {
      return value
    }
    const bytes = decodeBase64(String(value[bytesKey]))
    return isLeft(bytes) ? null : bytes.right
  }) as Place
  return isWhole(place) ? place : null
}

/** Whether the stored value has the expected form: other pages of the same origin can write it too. */
const isWhole = ({ source, settings }: Place): boolean =>
  typeof settings?.type === 'string' &&
  (source === null ||
    source.kind === 'nothing' ||
    (source.kind === 'message' ? [source.raw] : [source.client, source.server]).every(
      (bytes) => bytes instanceof Uint8Array,
    ))
