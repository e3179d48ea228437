import { expect } from 'chai'
import fc from 'fast-check'
import type { AnyGrammar, Grammar, Protocol } from '../../../combinators/index.js'
import { grammarOf, type Node } from '../../../combinators/node.js'
import { protocolFor } from '../../../combinators/protocol-for.js'
import { resolved } from '../../../combinators/resolved.js'
import { toArbitrary } from '../../../interpreters/arbitrary/index.js'
import { compile, type Json, toJson } from '../../../interpreters/index.js'
import { isObject } from '../../../interpreters/json/text.js'
import { rightOf } from '../../support/either.js'
import { type Decoder, read } from './compiled.js'
import { toldOf } from './subjects.js'
import { Values } from './values.js'

/** A value in JSON, with integers as JavaScript's runtime of Kaitai Struct has them: numbers. */
const rounded = (json: Json): unknown =>
  typeof json === 'bigint' || (typeof json === 'string' && /^\d{16,}$/.test(json))
    ? Number(json)
    : Array.isArray(json)
      ? json.map(rounded)
      : isObject(json)
        ? Object.entries(json).map(([key, each]) => [key, rounded(each)])
        : json

/**
 * Whether JavaScript's runtime reads something else, and does not only round it: it drops a byte order mark in front of a
 * text, and is wrong by 2^32 in half of the integers below −2^31.
 */
const isMistaken = (json: Json): boolean =>
  typeof json === 'string'
    ? json.startsWith('\ufeff')
    : typeof json === 'bigint'
      ? json < -(2n ** 31n)
      : Array.isArray(json)
        ? json.some(isMistaken)
        : isObject(json) && Object.entries(json).some((entry) => entry.some(isMistaken))

/** A grammar, the protocol that it is read under, and a decoder made of it. */
export interface Subject {
  readonly grammar: AnyGrammar
  readonly protocol: Protocol
  readonly decoder: Decoder
}

/** `decoder` is made for any protocol and told which, or for this one. */
export const subject = (grammar: AnyGrammar, given: Partial<Protocol>, decoder: Decoder): Subject => {
  const protocol = protocolFor('the test', grammar.node, given)
  return { grammar: decoder.length > 3 ? grammar : resolved(grammar, protocol), protocol, decoder }
}

/** What a decoder reads of bytes, as the JSON of the grammar. */
const decodedJson = ({ grammar, protocol, decoder }: Subject, bytes: Uint8Array): unknown => {
  const content = (node: Node, joined: Uint8Array): unknown =>
    rightOf(compile(grammarOf(node), protocol).decode(joined))
  const values = new Values(protocol, content)
  const value = values.of(grammar.node, read(decoder, bytes, ...toldOf(grammar, protocol)))
  return rounded(rightOf(toJson(grammar as Grammar<unknown>, protocol, value)))
}

/** Holds a decoder to what our codec reads: the same, in JSON. */
export const expectSame = (of: Subject, bytes: Uint8Array): void => {
  const any = of.grammar as Grammar<unknown>
  const json = rightOf(toJson(any, of.protocol, rightOf(compile(any, of.protocol).decode(bytes))))
  if (!isMistaken(json)) {
    expect(decodedJson(of, bytes)).to.deep.equal(rounded(json))
  }
}

/** The same for the messages of random values. */
export const expectSameValues = (of: Subject, runs: number): void => {
  const any = of.grammar as Grammar<unknown>
  const codec = compile(any, of.protocol)
  for (const value of fc.sample(toArbitrary(any, of.protocol), { numRuns: runs, seed: 1 })) {
    expectSame(of, rightOf(codec.encode(value)))
  }
}
