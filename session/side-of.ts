import { numberAt } from '../bytes/number-at.js'
import type { Side } from './events.js'
import { magics } from './first-numbers.js'
import { isServeStream } from './serve/serve-session.js'

/** The side of a connection whose first bytes these are, of a daemon or of the serve protocol; null for other bytes. */
export const sideOf = (bytes: Uint8Array): Side | null =>
  (['client', 'server'] as const).find(
    (side) => numberAt(bytes) === magics[side] || isServeStream(side, bytes),
  ) ?? null
