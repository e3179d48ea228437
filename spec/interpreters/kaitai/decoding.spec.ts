import { expect } from 'chai'
import fc from 'fast-check'
import { type AnyGrammar, type Grammar, isGrammar, type Protocol } from '../../../combinators/index.js'
import { grammarOf } from '../../../combinators/node.js'
import { protocolFor } from '../../../combinators/protocol-for.js'
import * as G from '../../../grammar/index.js'
import { toArbitrary } from '../../../interpreters/arbitrary/index.js'
import { compile, type Json, toJson, toKaitaiFiles } from '../../../interpreters/index.js'
import * as S from '../../../serve/index.js'
import { rightOf } from '../../support/either.js'
import { compiledTogether, loaded, type Module, pascal, read } from './compiled.js'
import { toldOf } from './subjects.js'
import { Values } from './values.js'

/** Every grammar that is exported, by its name. */
const grammars: ReadonlyArray<readonly [name: string, grammar: AnyGrammar]> = [
  ...Object.entries(G),
  ...Object.entries(S),
].flatMap(([name, value]) => (isGrammar(value) ? [[name, value] as const] : []))

const rounded = (json: Json): unknown =>
  typeof json === 'bigint'
    ? Number(json)
    : Array.isArray(json)
      ? json.map(rounded)
      : typeof json === 'object' && json !== null
        ? Object.fromEntries(Object.entries(json).map(([key, each]) => [key, rounded(each)]))
        : json

const readValue = (grammar: AnyGrammar, protocol: Protocol, decoded: object): unknown =>
  new Values(protocol, (node, bytes) => rightOf(compile(grammarOf(node), protocol).decode(bytes))).of(
    grammar.node,
    decoded,
  )

describe('a decoder that Kaitai Struct makes', () => {
  const files = toKaitaiFiles('nix', grammars)
  let module: (name: string) => Module

  before(async () => {
    console.time('compile')
    module = loaded(await compiledTogether('javascript', files))
    console.timeEnd('compile')
  })

  const ids = [...files.keys()].map((file) => file.replace('.ksy', ''))
  const versions: ReadonlyArray<Partial<Protocol>> = [
    { version: '1.10' },
    { version: '1.21' },
    { version: '1.30' },
    { version: '1.37' },
    { version: '1.38', features: ['realisation-with-path-not-hash'] },
  ]

  grammars.forEach(([name, grammar], i) => {
    it(`${name}`, () => {
      for (const given of versions) {
        let protocol: Protocol
        try {
          protocol = protocolFor('x', grammar.node, given)
        } catch {
          protocol = protocolFor('x', grammar.node, {})
        }
        const any = grammar as Grammar<unknown>
        const codec = compile(any, protocol)
        for (const value of fc.sample(toArbitrary(any, protocol), { numRuns: Number(process.env.RUNS ?? 60), seed: 1 })) {
          const bytes = rightOf(codec.encode(value))
          const decoder = module(pascal(ids[i]!))
          const decoded = read(decoder, bytes, ...toldOf(grammar, protocol))
          const shown = rightOf(toJson(any, protocol, readValue(grammar, protocol, decoded)))
          expect(rounded(shown)).to.deep.equal(rounded(rightOf(toJson(any, protocol, value))))
        }
      }
    })
  })
})
