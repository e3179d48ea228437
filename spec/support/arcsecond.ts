import type { Parser } from 'arcsecond'
import { expect } from 'chai'
import type { Either } from 'fp-ts/lib/Either.js'
import { bytesOf, type Issue, struct, u64, utf8 } from '../../index.js'
import { toParser } from '../../interpreters/index.js'

export const issueOf = (outcome: Either<unknown, unknown>): Issue => {
  expect(outcome).to.have.property('_tag', 'Left')
  // The combinators of arcsecond are typed for strings, but pass any error through.
  return (outcome as { readonly left: Issue }).left
}

/** With the types that arcsecond requires; the errors stay issues. */
export const untyped = <A>(parser: Parser<A, Issue>): Parser<A> => parser as unknown as Parser<A>

export const Person = struct('Person', { name: utf8, age: u64 })
export const ada = bytesOf('0300000000000000 416461 0000000000 2400000000000000')
export const person = untyped(toParser(Person))

export const joined = (...parts: ReadonlyArray<Uint8Array | string>): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => [...(typeof part === 'string' ? Buffer.from(part) : part)]))
