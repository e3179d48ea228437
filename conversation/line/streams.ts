import { expectFunction, expectObject } from '../../combinators/expect.js'

/** A source of bytes, such as a `ReadableStream`. */
export interface BytesReadable {
  getReader(): {
    read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>
    cancel(reason?: unknown): Promise<unknown> | undefined
  }
}

/** A sink of bytes, such as a `WritableStream`. */
export interface BytesWritable {
  getWriter(): {
    write(chunk: Uint8Array): Promise<unknown> | undefined
    close(): Promise<unknown> | undefined
    abort(reason?: unknown): Promise<unknown> | undefined
  }
}

/**
 * Both directions of a connection: a pair of Web Streams. Sockets of Deno are such pairs; `Duplex.toWeb` of `node:stream`
 * makes one of a socket of Node.
 */
export interface BytesPair {
  readonly readable: BytesReadable
  readonly writable: BytesWritable
}

/** @throws TypeError for anything but a pair of streams. */
export const expectPair = (what: string, given: unknown): void => {
  expectObject(what, given)
  const { readable, writable } = given as Partial<BytesPair>
  if (typeof readable === 'boolean') {
    throw new TypeError(`${what} must be a pair of Web Streams, not a stream of Node: use Duplex.toWeb`)
  }
  expectObject(`the readable of ${what}`, readable)
  expectFunction(`getReader of the readable of ${what}`, readable?.getReader)
  expectObject(`the writable of ${what}`, writable)
  expectFunction(`getWriter of the writable of ${what}`, writable?.getWriter)
}
