import { expect } from 'chai'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import {
  type AnyGrammar,
  bytesOf,
  type Grammar,
  imap,
  limited,
  listOf,
  optional,
  refine,
  struct,
  type TextFormat,
  text,
  u8,
  u64,
  utf8,
  withBytes,
} from '../../combinators/index.js'
import { compile, dissect, runParser, toParser } from '../../interpreters/index.js'
import { NixReader } from '../../stream/index.js'
import { issueOf } from '../support/either.js'

const word: TextFormat<string> = {
  name: 'Word',
  summary: 'letters',
  value: 'text',
  pattern: [{ _tag: 'chars', alphabet: 'abcdefgh', min: 1, max: 9 }],
  parse: (of) =>
    /^[a-h]{1,9}$/.test(of) ? right(of) : left({ position: 0, expected: 'letters', actual: of }),
  print: right,
}
const none = (): boolean => false

/** Grammars that reject the text abc. */
const texts: Readonly<Record<string, AnyGrammar>> = {
  'a refined text': refine(utf8, 'another text', none),
  'one with a limit': refine(limited(9, utf8), 'another text', none),
  'one with a format': refine(text(word), 'another text', none),
  'one that is refined twice': refine(
    refine(utf8, 'a text', () => true),
    'another text',
    none,
  ),
  'one that may be absent': refine(optional(text(word)), 'another text', none),
  'one with its bytes': refine(withBytes(utf8), 'another text', none),
  'a text that is something else': imap(
    utf8,
    (): Either<string, number> => left('a number'),
    (n: number) => right(String(n)),
  ),
}

const abc = '0300000000000000 6162630000000000'

describe('an issue with the value of a text', () => {
  for (const [name, grammar] of Object.entries(texts)) {
    it(`is at the first byte of its content: ${name}`, async () => {
      const Both = struct('Both', { first: u64, second: listOf(grammar as Grammar<unknown>) })
      const bytes = bytesOf(`0700000000000000 0100000000000000 ${abc}`)
      const found = [
        issueOf(compile(Both).decode(bytes)),
        issueOf(compile(Both, {}, { evaluate: false }).decode(bytes)),
        issueOf(runParser(toParser(Both), bytes)),
        issueOf(dissect(Both, {}, bytes).result),
        issueOf(await new NixReader([...bytes].map((byte) => Uint8Array.of(byte))).readValue(Both)()),
      ]
      for (const issue of found) {
        expect(issue).to.include({ _tag: 'InvalidValue', offset: 24 })
      }
    })
  }

  it('is at the first byte of anything else', () => {
    expect(
      issueOf(compile(refine(u8, 'another number', none)).decode(bytesOf('0700000000000000'))),
    ).to.include({
      offset: 0,
    })
  })
})
