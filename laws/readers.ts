import { type Either, map } from 'fp-ts/lib/Either.js'
import type { Issue } from '../combinators/issue.js'
import type { Grammar } from '../combinators/node.js'
import type { Protocol } from '../combinators/protocol.js'
import { runParser, toParser } from '../interpreters/arcsecond/index.js'
import { compile } from '../interpreters/compile/index.js'
import { dissect } from '../interpreters/dissect/index.js'
import { NixReader } from '../stream/nix-reader.js'
import type { OtherReader } from './options.js'
import type { Settings } from './subject.js'

const closures: OtherReader = {
  name: 'the compiled codec without generated code',
  decodeAt: (grammar, given, settings) => {
    const codec = compile(grammar, given, { ...settings, evaluate: false })
    return (bytes, at) => codec.decodeAt(bytes, at)
  },
}

const arcsecond: OtherReader = {
  name: 'the arcsecond parser',
  decodeAt: (grammar, given, settings) => {
    const parser = toParser(grammar, given, settings)
    return (bytes, at) => runParser(parser, bytes, at)
  },
}

export const otherReaders: ReadonlyArray<OtherReader> = [closures, arcsecond]

/** The dissector reads whole messages only. */
export const dissected = <A>(
  grammar: Grammar<A>,
  given: Protocol,
  settings: Settings,
  bytes: Uint8Array,
): Either<Issue, A> => dissect(grammar, given, bytes, settings).result

/** The value at the start of bytes that arrive in chunks, and its length. */
export const streamed = async <A>(
  grammar: Grammar<A>,
  given: Protocol,
  settings: Settings,
  chunks: ReadonlyArray<Uint8Array>,
): Promise<Either<Issue, { readonly value: A; readonly next: number }>> => {
  const reader = new NixReader(chunks, { protocol: given, ...settings })
  const read = await reader.readValue(grammar)()
  return map((value: A) => ({ value, next: reader.offset }))(read)
}
