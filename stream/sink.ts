import { kindName } from '../bytes/byte-array.js'
import { joined } from '../bytes/joined.js'
import type { ByteSink, NodeWritable } from './byte-sink.js'
import { writableSink } from './writable.js'

/** The part of the web's `WritableStream` that is needed. */
export interface WebWritable {
  getWriter(): {
    readonly ready: Promise<unknown>
    write(chunk: Uint8Array): Promise<void>
  }
}

/** The sinks that a writer can write to. */
export type Sink = ByteSink | NodeWritable | WebWritable

/**
 * @internal Checks a sink, without using it.
 *
 * @throws TypeError for anything but a sink.
 */
export const expectSink = (sink: unknown): void => {
  if (typeof sink !== 'object' || sink === null || !('getWriter' in sink || 'write' in sink)) {
    throw new TypeError(`a sink must be a stream or have a method write, not ${kindName(sink)}`)
  }
}

/** @throws TypeError for anything but a sink. */
export const sinkOf = (sink: Sink): ByteSink => {
  expectSink(sink)
  if ('getWriter' in sink) {
    return webSink(sink)
  }
  if ('on' in sink) {
    return writableSink(sink)
  }
  return sink
}

const webSink = (sink: WebWritable): ByteSink => {
  const writer = sink.getWriter()
  let last: Promise<void> = Promise.resolve()
  return {
    write: async (chunk) => {
      last = writer.write(chunk)
      // The next write reports the error; until then it must not count as unhandled.
      last.catch(() => undefined)
      await writer.ready
    },
    flush: () => last,
  }
}

/** A sink that keeps all chunks. */
export class CollectingSink implements ByteSink {
  #parts: Array<Uint8Array> = []

  write(chunk: Uint8Array): void {
    this.#parts.push(chunk)
  }

  /** All written bytes, as one array. */
  get bytes(): Uint8Array {
    const whole = joined(this.#parts)
    this.#parts = [whole]
    return whole
  }
}
