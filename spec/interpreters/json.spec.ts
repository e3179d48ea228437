import { expect } from 'chai'
import { right } from 'fp-ts/lib/Either.js'
import { none, type Option, some } from 'fp-ts/lib/Option.js'
import {
  escapedText,
  type FieldPath,
  type Grammar,
  type IssueTag,
  lazy,
  mapOf,
  openEnumOf,
  optionalByOpenTag,
  optionalByTag,
  type Protocol,
  setOf,
  struct,
  tuple,
  u8,
  u32,
  u64,
  until,
  utf8,
} from '../../combinators/index.js'
import * as G from '../../grammar/index.js'
import { compile, fromJson, parseJson, printJson, toJson } from '../../interpreters/index.js'
import { edgesOf } from '../support/conversation-edges.js'
import { storePath } from '../support/edge-values.js'
import { issueOf, rightOf } from '../support/either.js'
import { allGrammars } from '../support/grammars.js'
import { allProtocols } from '../support/protocols.js'

/** The text of a value's view, on one line or indented. */
const textOf = <A>(grammar: Grammar<A>, given: Partial<Protocol>, value: A, indent = 0): string =>
  printJson(rightOf(toJson(grammar, given, value)), indent)

const readText = <A>(grammar: Grammar<A>, given: Partial<Protocol>, text: string) =>
  fromJson(grammar, given, rightOf(parseJson(text)))

const refusesText = (
  grammar: Grammar<unknown>,
  text: string,
  tag: IssueTag,
  path: FieldPath,
  given: Partial<Protocol> = {},
) => {
  const issue = issueOf(readText(grammar, given, text))
  expect([issue._tag, issue.path], text).to.deep.equal([tag, path])
  return issue
}

const any = <A>(grammar: Grammar<A>) => grammar as Grammar<unknown>

/** Whether a realisation's text is shown as JSON, or as it is. */
const wireShown = (text: string): string =>
  typeof rightOf(
    toJson(
      G.Realisation,
      {},
      rightOf(compile(G.Realisation).decode(rightOf(compile(G.String).encode(text)))),
    ),
  )

describe('the JSON form', () => {
  for (const [name, grammar] of allGrammars) {
    it(`of ${name} goes both ways through a text, at every version`, () => {
      const seen = new Set<string>()
      for (const given of allProtocols) {
        const values = edgesOf(name, given)
        const texts = values.map((value) => textOf(grammar, given, value))
        const form = JSON.stringify([given.features, texts])
        if (seen.has(form)) continue
        seen.add(form)
        for (const [i, value] of values.entries()) {
          const text = texts[i] as string
          expect(readText(grammar, given, text)).to.deep.equal(right(value))
          expect(readText(grammar, given, textOf(grammar, given, value, 2))).to.deep.equal(right(value))
          // Other programs can read it, though they may round the numbers.
          expect(() => JSON.parse(text)).not.to.throw()
          const codec = compile(grammar, given)
          expect(codec.encode(rightOf(readText(grammar, given, text)))).to.deep.equal(codec.encode(value))
        }
      }
    })
  }

  it('has the documented forms', () => {
    expect(textOf(G.UInt64, {}, 2n ** 64n - 1n)).to.equal('18446744073709551615')
    expect(textOf(G.Int, {}, 7)).to.equal('7')
    expect(textOf(G.Bytes, {}, new Uint8Array([0, 255]))).to.equal('"AP8="')
    expect(textOf(G.OptMicroseconds, {}, none)).to.equal('null')
    expect(textOf(G.OptMicroseconds, {}, some(5n))).to.equal('5')
    expect(textOf(G.OptTrusted, {}, some('Trusted'))).to.equal('"Trusted"')
    expect(textOf(G.ProtocolVersion, {}, '1.37')).to.equal('"1.37"')
    expect(textOf(G.Verbosity, {}, 99)).to.equal('99')
    expect(textOf(G.Field, {}, { type: 'Int', value: 7n })).to.equal('{"type":"Int","value":7}')
    expect(textOf(tuple(u64, utf8), {}, [1n, 'a'])).to.equal('[1,"a"]')
    expect(textOf(mapOf(u64, utf8), {}, new Map([[1n, 'a']]))).to.equal('[[1,"a"]]')
    expect(textOf(mapOf(G.StorePath, u64), {}, new Map([[storePath('x'), 1n]]))).to.equal(
      `{"${storePath('x')}":1}`,
    )
    expect(textOf(G.DerivedPath, {}, { _tag: 'Opaque', path: storePath('x') })).to.equal(
      `"${storePath('x')}"`,
    )
    const realisation = rightOf(
      toJson(G.Realisation, {}, edgesOf('Realisation', allProtocols[0] as Protocol)[0] as never),
    )
    expect(Object.keys(realisation as object)).to.deep.equal([
      'dependentRealisations',
      'id',
      'outPath',
      'signatures',
    ])
  })

  it('keeps keys that are special in a JavaScript object', () => {
    const keys = [
      '__proto__',
      'constructor',
      'toString',
      'toJSON',
      'isLosslessNumber',
      '10',
      '7',
      '',
      '\udcff',
      '"\n\u2028',
    ]
    const map = new Map(keys.map((key) => [key, `value of ${key}`]))
    const Texts = mapOf(escapedText, escapedText)
    const text = textOf(Texts, {}, map)
    expect(JSON.parse(text)).to.have.own.property('__proto__')
    expect(readText(Texts, {}, text)).to.deep.equal(right(map))
    expect(({} as { readonly value?: string }).value).to.equal(undefined)
    const nested = new Map([['__proto__', new Map([['isLosslessNumber', 1n]])]])
    const Nested = mapOf(utf8, mapOf(utf8, u64))
    expect(readText(Nested, {}, textOf(Nested, {}, nested))).to.deep.equal(right(nested))
    refusesText(any(struct('S', { a: u64 })), '{"a":1,"__proto__":{}}', 'InvalidJson', ['__proto__'])
  })

  it('distinguishes none from some of none', () => {
    const Twice = optionalByTag(u8, optionalByTag(u8, u64))
    const values: ReadonlyArray<Option<Option<bigint>>> = [none, some(none), some(some(7n))]
    const texts = values.map((value) => textOf(Twice, {}, value))
    expect(texts).to.deep.equal(['null', '[null]', '[7]'])
    values.forEach((value, i) => {
      expect(readText(Twice, {}, texts[i] as string)).to.deep.equal(right(value))
    })
    const OfPath = optionalByTag(u8, G.OptStorePath)
    for (const value of [none, some(none), some(some(storePath('x')))]) {
      expect(readText(OfPath, {}, textOf(OfPath, {}, value))).to.deep.equal(right(value))
    }
    refusesText(any(Twice), '7', 'InvalidJson', [])
  })

  it('distinguishes a kept number from a value', () => {
    const Sized = optionalByOpenTag(u32, u64)
    const values: ReadonlyArray<Option<bigint> | number> = [none, some(7n), 7]
    const texts = values.map((value) => textOf(Sized, {}, value))
    expect(texts).to.deep.equal(['null', '[7]', '7'])
    values.forEach((value, i) => {
      expect(readText(Sized, {}, texts[i] as string)).to.deep.equal(right(value))
    })
    const Named = optionalByOpenTag(u32, utf8)
    expect(readText(Named, {}, textOf(Named, {}, 7))).to.deep.equal(right(7))
    expect(textOf(Named, {}, some('x'))).to.equal('"x"')
    refusesText(any(Named), '1', 'Unrepresentable', [])
    refusesText(any(openEnumOf(u8, { Low: 0 })), '0', 'Unrepresentable', [])
  })

  it('has lists for items with marks', () => {
    const Marked = until(u64, { next: 1n, end: 0n }, u64)
    expect(readText(Marked, {}, textOf(Marked, {}, [1n, 2n]))).to.deep.equal(right([1n, 2n]))
  })

  it('may leave out fields that the protocol does not send, and nothing else', () => {
    const old: Partial<Protocol> = { version: '1.15' }
    const value = edgesOf('UnkeyedValidPathInfo', compile(u64, old).protocol)[0]
    const full = JSON.parse(textOf(any(G.UnkeyedValidPathInfo), old, value))
    const { ultimate, signatures, ca, ...least } = full
    expect([ultimate, signatures, ca]).to.deep.equal([false, [], null])
    expect(readText(any(G.UnkeyedValidPathInfo), old, JSON.stringify(least))).to.deep.equal(right(value))
    refusesText(any(G.UnkeyedValidPathInfo), JSON.stringify(least), 'InvalidJson', ['ultimate'])
    const differs = JSON.stringify({ ...full, ultimate: true })
    refusesText(any(G.UnkeyedValidPathInfo), differs, 'Unrepresentable', ['ultimate'], old)
  })

  it('is rejected if no value has it, with the path', () => {
    const Deep = any(struct('S', { a: mapOf(utf8, setOf(G.Int)), b: mapOf(u64, tuple(u8)) }))
    const refused = (text: string, tag: IssueTag, ...path: FieldPath) => refusesText(Deep, text, tag, path)
    refused('{"a":{"x":[1,4294967296]},"b":[]}', 'OutOfRange', 'a', 0, 'value', 1)
    refused('{"a":{"x":[1,-1]},"b":[]}', 'OutOfRange', 'a', 0, 'value', 1)
    refused('{"a":{"x":[1.5]},"b":[]}', 'InvalidJson', 'a', 0, 'value', 0)
    refused('{"a":{"x":[1e2]},"b":[]}', 'InvalidJson', 'a', 0, 'value', 0)
    refused(`{"a":{"x":[${'9'.repeat(100_000)}]},"b":[]}`, 'InvalidJson', 'a', 0, 'value', 0)
    refused('{"a":[],"b":[]}', 'InvalidJson', 'a')
    refused('{"a":{},"b":{}}', 'InvalidJson', 'b')
    refused('{"a":{},"b":[[1]]}', 'InvalidJson', 'b', 0)
    refused('{"a":{},"b":[[1,[1,2]]]}', 'InvalidJson', 'b', 0, 'value')
    refused('{"a":{},"b":[["1",[1]]]}', 'InvalidJson', 'b', 0, 'key')
    refused('{"a":{}}', 'InvalidJson', 'b')
    refused('{"a":{},"b":[],"c":0}', 'InvalidJson', 'c')
    refused('null', 'InvalidJson')
    refusesText(any(G.Field), '{"type":"Float","value":0}', 'InvalidJson', ['type'])
    refusesText(any(G.Field), '{"value":0}', 'InvalidJson', ['type'])
    refusesText(any(G.BuildMode), '1', 'InvalidJson', [])
    refusesText(any(G.Verbosity), '4294967296', 'OutOfRange', [])
    refusesText(any(G.OptTrusted), '"None"', 'InvalidJson', [])
    for (const text of ['"AP8"', '"A===="', '" AP8="', '"AP8= "', '5', '"é"']) {
      refusesText(any(G.Bytes), text, 'InvalidJson', [])
    }
    const path = refusesText(any(G.StorePath), '"/nix/store/x"', 'InvalidText', [])
    expect(path).to.have.property('position')
    for (const text of ['1.37', '["1.37"]', '{"toString":1}', '"1.256"', 'null']) {
      refusesText(any(G.ProtocolVersion), text, 'InvalidJson', [])
    }
    for (const text of ['{}', '[]', 'null', '1', '{"id":1}']) {
      expect(issueOf(readText(G.Realisation, {}, text))._tag).to.equal('InvalidText')
    }
  })

  it('that is not JSON is rejected with the place, what was expected and what is there', () => {
    for (const [text, offset, expected, actual] of [
      ['{"a":}', 5, 'a JSON value', '"}"'],
      ['{"a"}', 4, 'a colon after the key', '"}"'],
      ['{a:1}', 1, 'a key in double quotes', '"a:1}"'],
      ['[1,2', 4, 'an item, or the end of the array', 'the end of the text'],
      ['["a" "b"]', 5, 'a comma, or the end of the array or object', '"\\"b\\"]"'],
      ['[1]]', 3, 'the end of the text', '"]"'],
      ['"abc', 4, 'the double quote that ends a string', 'the end of the text'],
      ['"\\x"', 1, 'an escape of JSON', '"\\\\x\\""'],
      ['{"at position 3":1,"at position 3":2}', 20, 'each key once in its object', '"at position 3" again'],
      ['', 0, 'a JSON value', 'the end of the text'],
    ] as const) {
      expect(issueOf(parseJson(text)), text).to.include({ _tag: 'InvalidJson', offset, expected, actual })
    }
    expect(issueOf(parseJson('{"a":1,"a":2}'))._tag).to.equal('InvalidJson')
    expect(parseJson('{"a":1,"a":2}', 'last')).to.deep.equal(right({ a: 2n }))
  })

  it('is rejected if it is nested too deep, at any depth', () => {
    const nested = (depth: number) => `{"x":${'['.repeat(depth)}${']'.repeat(depth)}}`
    for (const depth of [10, 900, 1000, 3000, 5000, 100_000]) {
      const json = parseJson(nested(depth))
      expect(json._tag).to.equal(depth < 1000 ? 'Right' : 'Left')
      if (json._tag === 'Right') {
        for (const grammar of [any(G.Realisation), any(G.Int), any(G.BuildResult), any(mapOf(utf8, utf8))]) {
          expect(fromJson(grammar, {}, json.right)._tag).to.equal('Left')
        }
      }
    }
    // Brackets inside a text do not count, whatever escapes come before them.
    const text = JSON.stringify(`\\"${'['.repeat(2000)}\\`)
    expect(parseJson(text)).to.deep.equal(right(JSON.parse(text)))
    expect(parseJson(`[${Array(3000).fill('[]').join()}]`)._tag).to.equal('Right')
    interface Chain {
      readonly next: Option<Chain>
    }
    const Chain: Grammar<Chain> = struct('Chain', {
      next: optionalByTag(
        u8,
        lazy(() => Chain),
      ),
    })
    let chain: Chain = { next: none }
    for (let i = 0; i < 5000; i++) chain = { next: some(chain) }
    expect(issueOf(toJson(Chain, {}, chain))).to.include({ _tag: 'LimitExceeded', limit: 'depth' })
  })

  it('of a realisation contains its text, however it is formatted and however deep it is nested', () => {
    const wire = (depth: number) =>
      `{"id":"sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709!out","outPath":"g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo","x":${'['.repeat(depth)}${']'.repeat(depth)}}`
    const deep = [1, 900, 998, 999, 1000, 3000, 5000, 100_000].map(wire)
    const loose = [
      wire(1).replace(',', ' ,\n'),
      wire(1).replace('"x":[]', '"x":[1e2,-0,1.50,"\\u0041","\\/"]'),
      wire(1).replace('"x":[]', '"x":1,"x":2'),
      wire(1).replace('"x":[]', '"a":{}'),
      wire(1).replace('"x":[]', `"x":${'9'.repeat(50)}`),
    ]
    for (const text of [...deep, ...loose]) {
      const bytes = rightOf(compile(G.String).encode(text))
      const read = rightOf(compile(G.Realisation).decode(bytes))
      const shown = rightOf(toJson(G.Realisation, {}, read))
      const again = rightOf(fromJson(G.Realisation, {}, rightOf(parseJson(printJson(shown)))))
      expect(again).to.deep.equal(read)
      expect(compile(G.Realisation).encode(again)).to.deep.equal(right(bytes))
    }
    const kept = deep.map(wireShown)
    expect(kept).to.deep.equal([...Array(4).fill('object'), ...Array(4).fill('string')])
  })
})
