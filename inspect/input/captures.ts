import { joined } from '../../bytes/joined.js'
import type { Side } from '../../session/events.js'
import { RecordingReader } from '../../session/recording/recording-reader.js'
import type { RecordedStep } from '../../session/recording/step.js'
import type { Moment } from '../engine/api.js'

/** A connection of a recording. */
export interface Captured {
  readonly client: Uint8Array
  readonly server: Uint8Array
  readonly moments: ReadonlyArray<Moment>
}

/** All connections of a recording: at least one, which may be empty. */
export interface Capture {
  readonly connections: readonly [Captured, ...ReadonlyArray<Captured>]
  /** A note, if something is missing; otherwise null. */
  readonly note: string | null
}

/** A connection while it is collected. Its parts are views of the file. */
class Collected {
  readonly parts: { readonly [S in Side]: Array<Uint8Array> } = { client: [], server: [] }
  readonly moments: Array<Moment> = []
  #isWhole = true

  take({ connection: _, ...moment }: RecordedStep): void {
    if (!this.#isWhole) {
      return
    }
    // After a gap the offsets are unknown.
    this.#isWhole = moment.kind !== 'gap'
    if (moment.kind === 'bytes') {
      const { kind, side, at, bytes } = moment
      this.parts[side].push(bytes)
      this.moments.push({ kind, side, at, length: bytes.length })
    } else {
      this.moments.push(moment)
    }
  }

  get captured(): Captured {
    const { parts, moments } = this
    return { client: joined(parts.client), server: joined(parts.server), moments }
  }
}

export const readCapture = (bytes: Uint8Array): Capture => {
  const reader = new RecordingReader()
  const found = new Map<number, Collected>()
  const notes: Array<string> = []
  for (const step of [reader.push(bytes), reader.end()].flat()) {
    if (step.kind === 'issue') {
      notes.push(`The recording cannot be read beyond byte ${step.issue.offset}.`)
    } else {
      const collected = found.get(step.connection) ?? new Collected()
      found.set(step.connection, collected)
      collected.take(step)
    }
  }
  const [first, ...others] = [...found.values()].map(({ captured }) => captured)
  if (first === undefined) {
    notes.push('There is no connection of Nix in it.')
  }
  return {
    connections: [first ?? new Collected().captured, ...others],
    note: notes.length === 0 ? null : notes.join(' '),
  }
}
