import { expect } from 'chai'
import { expectTypeOf } from 'expect-type'
import { enumOf, escapedText, type Grammar, mapOf, setOf, struct, u8, utf8 } from '../../combinators/index.js'
import { toJsonSchema, toMarkdown } from '../../interpreters/index.js'
import { describeLaws } from '../../laws/index.js'
import { bothWays, refusal, shownAs, unwritable } from '../support/both-ways.js'

const Answer = enumOf(utf8, { Yes: 'y', No: 'no', Silence: '' })
const [y, no] = ['0100000000000000 7900000000000000', '0200000000000000 6e6f000000000000']

describe('enumOf with words', () => {
  it('has a name for each word', () => {
    bothWays(Answer, 'Yes', y)
    bothWays(Answer, 'No', no)
    bothWays(Answer, 'Silence', '0000000000000000')
    expectTypeOf(Answer).toEqualTypeOf<Grammar<'Yes' | 'No' | 'Silence'>>()
  })

  it('rejects other words, and other names', () => {
    expect(refusal(Answer, '0100000000000000 6e00000000000000').slice(0, 2)).to.deep.equal(['UnknownTag', 0])
    for (const value of ['y', 'yes', 0, null]) {
      expect(unwritable(Answer, value)).to.equal('Unrepresentable')
    }
  })

  it('is ordered in sets and maps by the words', () => {
    bothWays(setOf(Answer), ['No', 'Yes'], `0200000000000000 ${no} ${y}`)
    shownAs(mapOf(Answer, u8), new Map([['No', 1] as const]), { No: 1n })
  })

  it('shows as its names, and on a page with its words', () => {
    shownAs(Answer, 'Yes', 'Yes')
    expect(toJsonSchema(Answer)).to.deep.include({ enum: ['Yes', 'No', 'Silence'] })
    expect(toMarkdown('Answer', Answer)).to.match(/\| No +\| no +\|/)
  })

  it('may have only words, no numbers, and each once', () => {
    // @ts-expect-error a text is no number
    expect(() => enumOf(utf8, { One: 1 })).to.throw(RangeError)
    // @ts-expect-error a number is no text
    expect(() => enumOf(u8, { One: '1' })).to.throw(RangeError)
    // @ts-expect-error two names for one word
    expect(() => enumOf(utf8, { A: 'a', B: 'a' })).to.throw(TypeError)
    expect(() => enumOf(utf8, { A: '\ud800' })).to.throw(RangeError)
  })

  describeLaws(
    struct('Words', {
      answer: Answer,
      bytes: enumOf(escapedText, { A: 'a', Odd: '\udcff' }),
      set: setOf(Answer),
    }),
  )
})
