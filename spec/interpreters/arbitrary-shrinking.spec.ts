import { expect } from 'chai'
import * as G from '../../grammar/index.js'
import {
  enumOf,
  escapedText,
  listOf,
  mapOf,
  optionalByTag,
  setOf,
  struct,
  tagged,
  text,
  u8,
  u32,
  u64,
  utf8,
} from '../../index.js'
import { StorePathName } from '../../types/index.js'
import { smallest, Tree } from '../support/arbitrary.js'

const depthOf = ({ children }: Tree): number => 1 + Math.max(0, ...children.map(depthOf))

describe('toArbitrary', () => {
  describe('shrinks to the smallest value that fails', () => {
    const Colour = enumOf(u8, { Red: 0, Green: 1, Blue: 2 })
    const Shape = tagged('kind', u8, {
      Point: [0, {}],
      Circle: [1, { radius: u32, colours: listOf(Colour) }],
    })
    const Info = struct('Info', {
      size: u64,
      names: setOf(utf8),
      shape: Shape,
      parent: optionalByTag(u8, utf8),
      sizes: mapOf(utf8, u32),
    })
    it('of a struct of all kinds', () => {
      expect(smallest(Info, () => false)).to.deep.equal({
        size: 0n,
        names: [],
        shape: { kind: 'Point' },
        parent: { _tag: 'None' },
        sizes: new Map(),
      })
    })

    it('of a number, though an edge was found first', () => {
      expect(smallest(Info, ({ size }) => size < 2n ** 32n)?.size).to.equal(2n ** 32n)
      expect(
        smallest(Info, ({ sizes }) => [...sizes.values()].every((each) => each < 777))?.sizes,
      ).to.deep.equal(new Map([['', 777]]))
    })

    it('of a text', () => {
      expect(smallest(Info, ({ names }) => !names.some((each) => [...each].length > 2))?.names).to.deep.equal(
        ['aaa'],
      )
      expect(smallest(utf8, (each) => !/[^\p{ASCII}]/u.test(each))).to.equal('\x80')
      expect(smallest(escapedText, (each) => each.isWellFormed())).to.equal('\udc80')
    })

    it('of a text with a format', () => {
      expect(smallest(text(StorePathName.format), (name) => name.length < 5)).to.have.lengthOf(5)
      const path = smallest(G.StorePath, (each) => each.length < 50)
      expect(path).to.equal(`/nix/store/${'0'.repeat(32)}-000000`)
    })

    it('of a case and its contents', () => {
      const green = smallest(Info, ({ shape }) => shape.kind === 'Point' || !shape.colours.includes('Green'))
      expect(green?.shape).to.deep.equal({ kind: 'Circle', radius: 0, colours: ['Green'] })
    })

    it('of a large value', () => {
      expect(smallest(utf8, (each) => each.length < 777)).to.equal('a'.repeat(777))
      expect(smallest(listOf(u8), (each) => each.length < 100)).to.deep.equal(new Array(100).fill(0))
      expect(smallest(setOf(u64), (each) => each.length < 40)).to.have.lengthOf(40)
      const deep = smallest(Tree, (tree) => depthOf(tree) < 20)
      expect(deep && depthOf(deep)).to.equal(20)
    })

    it('of a tree', () => {
      const deep = smallest(Tree, ({ children }) => !children.some((child) => child.children.length > 0))
      expect(deep).to.deep.equal({
        label: 0n,
        children: [{ label: 0n, children: [{ label: 0n, children: [] }] }],
      })
    })
  })
})
