import type { StreamIndex } from './item.js'
import type { Pace } from './pace.js'
import type { Bar, Stretch } from './strip.js'
import { barsOf } from './strip.js'
import type { Happening, Timeline } from './timeline.js'

/** A line of the overview of a session. */
export interface Line {
  readonly of: 'client' | 'server' | 'operations' | 'awaited client' | 'awaited server'
  readonly bars: ReadonlyArray<Bar>
}

/** The overview of a session. */
export interface Overview {
  /** The number of each operation, the most frequent first. */
  readonly names: ReadonlyArray<readonly [name: string, count: number]>
  readonly operations: number
  readonly failed: number
  readonly lines: ReadonlyArray<Line>
  /** In milliseconds; null without times. */
  readonly duration: number | null
}

const isDrawn = ({ kind }: Happening): boolean => kind === 'operation' || kind === 'handshake'

export const overviewOf = (
  { happenings }: Timeline,
  sizes: readonly [client: number, server: number],
  pace: Pace | null,
): Overview => {
  const counts = new Map<string, number>()
  let operations = 0
  let failed = 0
  for (const { kind, name, tone } of happenings) {
    if (kind === 'operation') {
      counts.set(name, (counts.get(name) ?? 0) + 1)
      operations++
      failed += tone === 'wrong' ? 1 : 0
    }
  }
  return {
    names: [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)),
    operations,
    failed,
    lines: [
      { of: 'client', bars: barsOf(sent(happenings, 0), sizes[0]) },
      { of: 'server', bars: barsOf(sent(happenings, 1), sizes[1]) },
      ...(pace === null ? [] : timeLines(happenings, pace)),
    ],
    duration: pace === null ? null : pace.end - pace.start,
  }
}

/** The ranges of bytes of one side. */
function* sent(happenings: ReadonlyArray<Happening>, stream: StreamIndex): Generator<Stretch> {
  for (const [index, happening] of happenings.entries()) {
    const span = isDrawn(happening) ? happening.spans.find((each) => each.stream === stream) : undefined
    if (span !== undefined) {
      const { name, tone } = happening
      yield { name, tone, index, start: span.start, end: span.end }
    }
  }
}

const timeLines = (happenings: ReadonlyArray<Happening>, pace: Pace): ReadonlyArray<Line> => {
  const length = pace.end - pace.start
  const lasting = [...timed(happenings, pace)]
  return [
    { of: 'operations', bars: barsOf(lasting, length) },
    { of: 'awaited server', bars: barsOf(waits(pace, 'server', lasting), length) },
    { of: 'awaited client', bars: barsOf(waits(pace, 'client', lasting), length) },
  ]
}

function* timed(happenings: ReadonlyArray<Happening>, { start, end }: Pace): Generator<Stretch> {
  for (const [index, { name, tone, time }] of happenings.entries()) {
    if (time !== null && time.began !== null && time.ended !== null) {
      // A pending operation lasts to the end.
      const ended = tone === 'note' ? end : time.ended
      yield { name, tone, index, start: time.began - start, end: ended - start }
    }
  }
}

/** How long each side kept the other waiting, and for which event. */
function* waits(pace: Pace, side: 'client' | 'server', lasting: ReadonlyArray<Stretch>): Generator<Stretch> {
  let at = 0
  for (const { awaited, start, end } of pace.pauses) {
    const from = start - pace.start
    while (at + 1 < lasting.length && (lasting[at + 1] as Stretch).start <= from) {
      at++
    }
    const during = lasting[at]
    if (awaited === side && during !== undefined) {
      yield { ...during, tone: 'plain', start: from, end: end - pace.start }
    }
  }
}
