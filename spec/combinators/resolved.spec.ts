import { expect } from 'chai'
import fc from 'fast-check'
import { gatesIn } from '../../combinators/asked.js'
import { byProtocol, feature, lazy, listOf, named, struct, u8, u64 } from '../../combinators/index.js'
import type { Grammar, TextNode } from '../../combinators/node.js'
import { nodesIn } from '../../combinators/parts.js'
import type { Protocol } from '../../combinators/protocol.js'
import { resolved } from '../../combinators/resolved.js'
import type { TextFormat } from '../../combinators/text-format.js'
import { toArbitrary } from '../../interpreters/arbitrary/index.js'
import { compile } from '../../interpreters/index.js'
import { protocolsFor } from '../../laws/check.js'
import { nixProtocol } from '../../types/nix-protocol.js'
import { rightOf } from '../support/either.js'
import { allGrammars } from '../support/grammars.js'

const Wide = named('Wide', byProtocol([[feature('a b'), u64]], named('Narrow', byProtocol([], 0n))))

describe('a resolved grammar', () => {
  for (const [name, grammar] of allGrammars) {
    it(`has no gates and no versions: ${name}`, () => {
      for (const given of protocolsFor(grammar, {}, 'a test')) {
        const plain = resolved(grammar, given)
        expect(gatesIn(plain.node)).to.deep.equal([])
        const [value] = fc.sample(toArbitrary(grammar, given), { numRuns: 1, seed: 1 })
        const bytes = rightOf(compile(grammar, given).encode(value))
        // Independent of other protocols.
        for (const other of [nixProtocol(), nixProtocol({ version: '1.0' })]) {
          expect(rightOf(compile(plain, other).encode(value))).to.deep.equal(bytes)
        }
      }
    })
  }

  it('has the names and the summaries of the nodes around its gates', () => {
    expect(resolved(Wide, { version: '1.1', features: ['a b'] }).node).to.deep.include({
      _tag: 'int',
      name: 'Wide',
    })
    expect(resolved(Wide, { version: '1.1', features: [] }).node).to.deep.equal({
      _tag: 'pure',
      name: 'Wide',
      value: 0n,
    })
  })

  it('differs for each protocol, however many there are', () => {
    expect(resolved(Wide, { version: '1.1', features: ['a', 'b'] }).node._tag).to.equal('pure')
    expect(resolved(Wide, { version: '1.1', features: ['a b'] }).node._tag).to.equal('int')
    for (let minor = 0; minor < 100; minor++) {
      const features = minor % 2 === 0 ? ['a b'] : []
      const { node } = resolved(Wide, { version: `1.${minor}`, features })
      expect(node._tag).to.equal(minor % 2 === 0 ? 'int' : 'pure')
    }
  })

  it('is cached', () => {
    const first = resolved(Wide, { version: '1.7', features: ['a b'] })
    expect(resolved(Wide, { version: '1.7', features: ['a b'] })).to.equal(first)
  })

  it('is recursive where the grammar is', () => {
    interface Tree {
      readonly wide: bigint
      readonly below: ReadonlyArray<Tree>
    }
    const Tree: Grammar<Tree> = struct('Tree', { wide: Wide, below: listOf(lazy(() => Tree)) })
    const { node } = resolved(Tree, { version: '1.2', features: [] })
    expect([...nodesIn(node)].map(({ _tag }) => _tag)).to.deep.equal(['struct', 'pure', 'sequence', 'lazy'])
    expect(u8.node).to.equal(resolved(u8, { version: '1.2', features: [] }).node)
  })
})

describe('a text format', () => {
  const formats = new Map(
    allGrammars
      .flatMap(([, { node }]) => [...nodesIn(node)])
      .filter((node): node is TextNode => node._tag === 'text')
      .flatMap((node) => (node.format === null ? [] : [[node.format, node] as const])),
  )

  /** The parts of a protocol that a format reads, besides the store directory. */
  const lookedAt = (format: TextFormat<unknown>, use: (given: Protocol) => unknown): ReadonlySet<string> => {
    const seen = new Set<string>()
    const { storeDir, version, features } = nixProtocol()
    use({
      storeDir,
      get version() {
        seen.add('version')
        return version
      },
      get features() {
        seen.add('features')
        return features
      },
    })
    expect(format.name).not.to.equal('')
    return seen
  }

  it('lists the versions and features it depends on', () => {
    expect(formats.size).to.be.greaterThan(10)
    for (const [format, node] of formats) {
      const values = fc.sample(toArbitrary({ node: { ...node, optional: false } } as Grammar<unknown>), 50)
      const seen = lookedAt(format, (given) => {
        for (const value of values) {
          const printed = format.print(value, given)
          format.strict?.(value, given)
          for (const text of printed._tag === 'Right' ? [printed.right, `${printed.right}!`, 'x'] : []) {
            format.parse(text, given)
          }
        }
      })
      expect([...seen].sort(), format.name).to.deep.equal(format.gates === undefined ? [] : ['version'])
    }
  })
})
