import fc from 'fast-check'
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import type { Issue } from '../../combinators/index.js'
import type { Grammar } from '../../combinators/node.js'
import type { Protocol } from '../../combinators/protocol.js'
import type { CompileOptions } from '../../interpreters/index.js'
import { NixReader } from '../../stream/index.js'
import { nixProtocol } from '../../types/nix-protocol.js'

/** Bytes cut into pieces of these lengths, repeated; a length of 0 is an empty chunk. */
export function* cut(bytes: Uint8Array, lengths: ReadonlyArray<number>): Generator<Uint8Array> {
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const length = lengths[i % lengths.length] ?? bytes.length
    yield bytes.subarray(at, at + length)
    at += length
  }
}

/** Lengths of chunks, most of them short, at least one. */
export const chunkLengths: fc.Arbitrary<ReadonlyArray<number>> = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 1, max: 200 })), {
    minLength: 1,
    maxLength: 8,
  })
  .filter((lengths) => lengths.some((length) => length > 0))

/** The first value of a stream, and its length. */
export const readFirst = async <A>(
  grammar: Grammar<A>,
  chunks: Iterable<Uint8Array>,
  given: Partial<Protocol> = nixProtocol(),
  { profile = 'compatible', limits = {} }: CompileOptions = {},
): Promise<Either<Issue, { readonly value: A; readonly next: number }>> => {
  const reader = new NixReader(chunks, { protocol: given, profile, limits })
  const read = await reader.readValue(grammar)()
  return isLeft(read) ? left(read.left) : right({ value: read.right, next: reader.offset })
}
