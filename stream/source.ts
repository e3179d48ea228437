import { kindName } from '../bytes/byte-array.js'
import { type Chunks, expectChunk, type NodeReadable } from './chunks.js'
import { readableChunks } from './readable.js'

/** The part of the web's `ReadableStream` that is needed. */
export interface WebReadable {
  getReader(): {
    read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>
    cancel(reason?: unknown): Promise<void>
  }
}

/**
 * The sources of bytes: a Node `Readable` or socket, a web `ReadableStream`, any iterable or async iterable of
 * chunks, such as an array, or your own {@link Chunks}.
 */
export type Source = Chunks | NodeReadable | WebReadable | AsyncIterable<Uint8Array> | Iterable<Uint8Array>

/**
 * @internal Checks a source, without using it.
 *
 * @throws TypeError for anything but a source; a single Uint8Array has to be put into an array.
 */
export const expectSource = (source: unknown): void => {
  if (source instanceof Uint8Array) {
    throw new TypeError('a source is a sequence of chunks: [bytes], not bytes')
  }
  const isSource =
    typeof source === 'object' &&
    source !== null &&
    (('next' in source && 'cancel' in source) ||
      ('read' in source && 'on' in source) ||
      'getReader' in source ||
      Symbol.asyncIterator in source ||
      Symbol.iterator in source)
  if (!isSource) {
    throw new TypeError(`a source must be a stream, or an iterable of chunks, not ${kindName(source)}`)
  }
}

/** @internal @throws TypeError for a value that is not iterable. */
export const expectIterable = (what: string, given: unknown): void => {
  if (
    typeof given !== 'object' ||
    given === null ||
    !(Symbol.asyncIterator in given || Symbol.iterator in given)
  ) {
    throw new TypeError(`${what} must be iterable, not ${kindName(given)}`)
  }
}

/**
 * The chunks of any source. @throws TypeError for anything but a source. (For a single Uint8Array pass an array with
 * it.)
 */
export const chunksOf = (source: Source): Chunks => {
  expectSource(source)
  if ('next' in source && 'cancel' in source) {
    return source
  }
  if ('read' in source && 'on' in source) {
    return readableChunks(source)
  }
  if ('getReader' in source) {
    return webChunks(source)
  }
  if (Symbol.asyncIterator in source) {
    return asyncChunks(source[Symbol.asyncIterator]())
  }
  return iteratedChunks(source[Symbol.iterator]())
}

const ignore = (): void => undefined

const webChunks = (source: WebReadable): Chunks => {
  const reader = source.getReader()
  return {
    next: async () => {
      const { done, value } = await reader.read()
      return done ? null : expectChunk(value)
    },
    cancel: (reason) => {
      reader.cancel(reason).catch(ignore)
    },
  }
}

const asyncChunks = (iterator: AsyncIterator<Uint8Array>): Chunks => ({
  next: async () => {
    const { done, value } = await iterator.next()
    return done === true ? null : expectChunk(value)
  },
  cancel: () => {
    iterator.return?.().catch(ignore)
  },
})

const iteratedChunks = (iterator: Iterator<Uint8Array>): Chunks => ({
  next: () => {
    const { done, value } = iterator.next()
    return done === true ? null : expectChunk(value)
  },
  cancel: () => {
    iterator.return?.()
  },
})
