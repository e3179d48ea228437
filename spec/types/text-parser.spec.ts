import { many } from 'arcsecond'
import { expect } from 'chai'
import {
  andThen,
  characters,
  end,
  failAt,
  here,
  issueAt,
  issueAtIndex,
  keyword,
  literal,
  readWith,
  rest,
  runTextParser,
  succeed,
  type TextParser,
  upTo,
} from '../../types/text-parser.js'
import { issueOf, rightOf } from './outcomes.js'

const run = <A>(parser: TextParser<A>, text: string): A => rightOf(runTextParser(parser, text))
const fails = <A>(parser: TextParser<A>, text: string) => issueOf(runTextParser(parser, text))

describe('the pieces of text grammars', () => {
  it('take characters of an alphabet, between two counts', () => {
    const some = characters('abc', 2, 3, 'two or three of abc')
    expect(run(some, 'abx')).to.equal('ab')
    expect(run(some, 'abcabc')).to.equal('abc')
    expect(fails(some, 'ax')).to.deep.equal({ position: 1, expected: 'two or three of abc', actual: '"x"' })
    expect(fails(some, 'a')).to.include({ position: 1, actual: 'the end of the text' })
    expect(run(characters('abc', 0, 0, ''), 'abc')).to.equal('')
  })

  it('never match an ASCII character in a part of another one', () => {
    expect(run(characters('abc', 0, 9, ''), 'aé')).to.equal('a')
    expect(run(upTo(':'), 'é😀:x')).to.equal('é😀')
    expect(run(upTo(':'), '\ufeffx')).to.equal('\ufeffx')
  })

  it('take the text before a character, or all of it', () => {
    expect(run(upTo(':'), 'ab:c:d')).to.equal('ab')
    expect(run(upTo(':'), ':')).to.equal('')
    expect(run(upTo(':'), 'ab')).to.equal('ab')
    expect(run(rest, 'ab:c')).to.equal('ab:c')
    expect(run(rest, '')).to.equal('')
  })

  it('take literals and keywords', () => {
    expect(run(literal('é:'), 'é:x')).to.equal('é:')
    expect(fails(literal('abc'), 'ab')).to.deep.equal({ position: 0, expected: '"abc"', actual: '"ab"' })
    const word = keyword(
      [
        ['a:', 1],
        ['ab', 2],
      ],
      'a: or ab',
    )
    expect([run(word, 'a:'), run(word, 'ab')]).to.deep.equal([1, 2])
    expect(fails(word, 'ac')).to.include({ position: 0, expected: 'a: or ab' })
  })

  it('give the position, fail at a given place, and take nothing', () => {
    const third = andThen(literal('ab'), () => here)
    expect(run(third, 'abc')).to.equal(2)
    expect(
      fails(
        andThen(third, () => failAt(1, 'something else')),
        'abc',
      ),
    ).to.include({ position: 1, actual: '"bc"' })
    expect(
      run(
        andThen(succeed('x'), (x) => rest.map((y) => x + y)),
        'abc',
      ),
    ).to.equal('xabc')
    expect(
      fails(
        andThen(literal('a'), () => end('no more')),
        'abc',
      ),
    ).to.include({ position: 1, expected: 'no more' })
  })

  it('place the issues of inner texts', () => {
    const handed = andThen(literal('é'), () =>
      readWith(upTo(':'), (text) => ({ _tag: 'Left' as const, left: issueAtIndex(text, 1, 'nothing') })),
    )
    expect(fails(handed, 'éab:c')).to.deep.equal({ position: 3, expected: 'nothing', actual: '"b:c"' })
  })

  it('run the next piece only after the one before', () => {
    let ran = 0
    const counted = andThen(literal('x'), () => succeed(++ran))
    expect(fails(counted, 'y').position).to.equal(0)
    expect(
      fails(
        andThen(
          andThen(literal('y'), () => literal('x')),
          () => counted,
        ),
        'yy',
      ).position,
    ).to.equal(1)
    expect(ran).to.equal(0)
    expect(run(many(counted), 'xx')).to.deep.equal([1, 2])
  })

  it('count positions in bytes and show the text there', () => {
    expect(issueAt('é😀x', 6, 'y')).to.deep.equal({ position: 6, expected: 'y', actual: '"x"' })
    expect(issueAtIndex('é😀x', 3, 'y')).to.deep.equal({ position: 6, expected: 'y', actual: '"x"' })
    expect(issueAt('', 0, 'y').actual).to.equal('the end of the text')
    expect(issueAt('x'.repeat(25), 0, 'y').actual).to.equal(`"${'x'.repeat(24)}"…`)
    expect(issueAt('x'.repeat(25), 1, 'y').actual).to.equal(`"${'x'.repeat(24)}"`)
  })

  it('reject half a character', () => {
    for (const [text, position] of [
      ['\ud800', 0],
      ['é\udc00x', 2],
      ['😀\ud83d', 4],
    ] as const) {
      expect(fails(rest, text)).to.include({ position, expected: 'whole Unicode characters' })
    }
  })
})
