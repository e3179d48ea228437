import { expect } from 'chai'
import { leavesOf, showGate } from '../../combinators/gate.js'
import { type AnyGrammar, type Node, nodeName } from '../../combinators/node.js'
import { nodesIn } from '../../combinators/parts.js'
import { asksForDir, type TextFormat } from '../../combinators/text-format.js'
import { majorOf } from '../../combinators/version.js'
import { grammarsByName } from '../../grammar/inner.js'
import {
  builderRpcOperations,
  determinateOperations,
  lixOperations,
} from '../../grammar/operations/dialects.js'
import type { AnyOperation } from '../../grammar/operations/operation.js'
import { operations } from '../../grammar/operations/table.js'
import { compile } from '../../interpreters/index.js'
import * as T from '../../types/index.js'
import { nixDefaults } from '../../types/nix-protocol.js'
import { allGrammars } from '../support/grammars.js'

const everywhere: ReadonlyArray<AnyGrammar> = [
  ...grammarsByName().values(),
  ...allGrammars.map(([, grammar]) => grammar),
  ...[operations, determinateOperations, lixOperations, builderRpcOperations]
    .flatMap((table) => Object.values<AnyOperation>(table))
    .flatMap(({ request, reply }) => [request, reply]),
]

const nodes = new Set(everywhere.flatMap(({ node }) => [...nodesIn(node)]))

const formats: ReadonlyArray<TextFormat<unknown>> = [
  ...[...nodes].flatMap((node: Node) => (node._tag === 'text' && node.format !== null ? [node.format] : [])),
  ...Object.values(T).flatMap((each) =>
    each instanceof T.TextType ? [each.format as TextFormat<unknown>] : [],
  ),
]

/** The newest versions, by the major number of their protocol. */
const newest = new Map([
  [1, '1.38'],
  [2, '2.8'],
])

describe('the defaults of the grammars of Nix', () => {
  it('are the newest version and no features, at each gate', () => {
    const gated = [...nodes].flatMap((node) => (node._tag === 'gated' ? [node] : []))
    expect(gated.length).to.be.above(40)
    for (const { arms, defaults, ...node } of gated) {
      const what = `${nodeName({ ...node, arms })}: ${arms.map(({ gate }) => showGate(gate)).join('; ')}`
      const [major = 1] = arms.flatMap(({ gate }) => leavesOf(gate)).flatMap(({ of }) => of?.major ?? [])
      expect(defaults, what).to.deep.equal({ version: newest.get(major), features: [] })
    }
  })

  it('are /nix/store, at each text format that needs a store directory', () => {
    const asking = formats.filter((format) => asksForDir(format) || format.gates !== undefined)
    expect(new Set(asking.map(({ name }) => name))).to.deep.equal(
      new Set(['StorePath', 'StrictStorePath', 'DerivedPath']),
    )
    for (const { name, gates, defaults } of asking) {
      const agreed = gates === undefined ? {} : { version: '1.38', features: [] }
      expect(defaults, name).to.deep.equal({ ...agreed, storeDir: '/nix/store' })
    }
  })

  it('are in every format that reads the store directory', () => {
    for (const format of formats) {
      let looked = false
      const given = {
        version: '1.38',
        features: [],
        get storeDir() {
          looked = true
          return '/nix/store'
        },
      } as const
      for (const sample of [
        '',
        '/nix/store/x',
        '!',
        'a:b',
        '{}',
        '/nix/store/00bgd045z0d4icpbc2yyz4gx48ak44la-a',
      ]) {
        const value = format.parse(sample, given)
        if (value._tag === 'Right') {
          format.print(value.right, given)
        }
      }
      expect(looked, format.name).to.equal(asksForDir(format))
    }
  })

  it('make a protocol unnecessary, in any grammar', () => {
    for (const grammar of everywhere) {
      const { version = '1.38', features = [], storeDir = '/nix/store' } = compile(grammar as never).protocol
      const newestOfIts = newest.get(majorOf(version))
      expect({ version, features, storeDir }, nodeName(grammar.node)).to.deep.equal({
        ...nixDefaults,
        version: newestOfIts,
      })
    }
  })
})
