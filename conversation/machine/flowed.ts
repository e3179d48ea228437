import type { Side } from '../node.js'
import type { Meter } from './meter.js'
import type { Scope, Voice } from './scope.js'

/**
 * Notes and reports that bytes of a sending side have passed, from an offset of its stream to the current one.
 */
export const tellFlowed = (
  { side, key }: { readonly side: Side; readonly key: string },
  { host, said, ears, within, turn }: Scope,
  voice: Voice,
  meter: Meter,
  { start, pieces }: { readonly start: number; readonly pieces: number | null },
): void => {
  const { size } = meter
  said.add(key, { value: size, ear: ears[side], start, offset: start })
  host.tell({
    kind: 'flowed',
    side,
    key,
    within,
    turn: turn?.turn ?? null,
    start,
    end: voice.position,
    size,
    pieces,
    trailing: 0,
    digest: meter.digest(),
  })
}
