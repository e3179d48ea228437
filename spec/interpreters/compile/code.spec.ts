import { expect } from 'chai'
import { listOf, struct, tagged, u8, u64, utf8 } from '../../../combinators/index.js'
import * as G from '../../../grammar/index.js'
import { Code } from '../../../interpreters/compile/code.js'
import { compile } from '../../../interpreters/index.js'
import { rightOf } from '../../support/either.js'

const codeOf = (make: (onCode: (source: string) => void) => unknown): ReadonlyArray<string> => {
  const shown: Array<string> = []
  make((source) => shown.push(source))
  return shown
}

describe('generated code', () => {
  it('is shown on request, one function at a time, with its purpose', () => {
    const Point = struct('Point', { x: u8, y: u64, labels: listOf(utf8) })
    const shown = codeOf((onCode) => compile(Point, {}, { onCode }))
    expect(shown.map((source) => source.split('\n')[0])).to.include.members([
      '// reads Point',
      '// writes Point',
      '// reads list',
    ])
    const reader = shown.find((source) => source.startsWith('// reads Point')) ?? ''
    expect(reader).to.include('"x": value0, "y": value1, "labels": value2')
    expect(reader.split('\n').every((line) => line.length < 160)).to.equal(true)
  })

  it('is not made if evaluation is turned off', () => {
    const shown = codeOf((onCode) => compile(G.ValidPathInfo, {}, { onCode, evaluate: false }))
    expect(shown).to.deep.equal([])
  })

  it('allows keys and names of any characters, and runs none of them', () => {
    const keys = [
      '"]; throw 1; //',
      "'",
      '`$` + "x"',
      '\u2028',
      '*/ throw 1 /*',
      'constructor',
      '__proto__x',
      'é\n',
    ]
    const Odd = struct('*/ }\nthrow 1 //', Object.fromEntries(keys.map((key) => [key, u8])))
    const Union = tagged('\n throw 1', u8, { '"] throw 1 //': [1, { [keys[0] as string]: u8 }] })
    const value = Object.fromEntries(keys.map((key, i) => [key, i]))
    const codec = compile(Odd)
    expect(rightOf(codec.decode(rightOf(codec.encode(value))))).to.deep.equal(value)
    const union = compile(Union)
    const one = { '\n throw 1': '"] throw 1 //', [keys[0] as string]: 7 } as Parameters<
      typeof union.encode
    >[0]
    expect(rightOf(union.decode(rightOf(union.encode(one))))).to.deep.equal(one)
  })

  it('rejects a name that is not an identifier', () => {
    expect(() => new Code('reads', 'input').use(1, 'a b')).to.throw('no name in code')
  })
})
