import { expect } from 'chai'
import { left, right } from 'fp-ts/lib/Either.js'
import { u8, u64 } from '../../combinators/index.js'
import {
  type AnyFlow,
  again,
  agree,
  blob,
  branch,
  endOf,
  loop,
  nothing,
  says,
  sequence,
} from '../../conversation/index.js'
import { int } from '../support/wire.js'
import { pairs } from './pantry.js'
import { latin } from './sessions.js'
import { linesOf, play, tape } from './tape.js'

/** The events, for the whole bytes and byte by byte. */
const told = (flow: AnyFlow, client: ReadonlyArray<Uint8Array>): ReadonlyArray<string> => {
  const given = tape(flow, client, [])
  const lines = linesOf(play(given))
  expect(linesOf(play(given, [['client', 1]]))).to.deep.equal(lines)
  return lines
}

describe('a delimiter made from a flow', () => {
  const words = loop(
    'words',
    sequence(
      says('client', 'more', u8),
      branch('more', { more: [1, sequence(says('client', 'word', u64), again('words'))], end: [0, nothing] }),
    ),
  )
  const flow = sequence(blob('client', 'bag', endOf('words', 'client', words)), says('client', 'after', u64))
  const bag = [int(1), int(300), int(1), int(301), int(0)]

  it('ends where the flow ends, however it is cut', () => {
    const expected = ['client bag 0-40: 40 bytes', 'client after 40-48: 9', 'end done, left 0 0']
    expect(told(flow, [...bag, int(9)])).to.deep.equal(expected)
  })

  it('reports an issue at its place', () => {
    const wrong = told(flow, [int(1), int(300), int(7)])
    expect(wrong[0]).to.equal('client issue 16 UnknownTag bag.more: 7')
    expect(told(flow, [int(1), int(300).subarray(0, 4)])[0]).to.match(/UnexpectedEnd/)
  })

  it('may have messages of one side only', () => {
    expect(() => endOf('words', 'server', words)).to.throw('only messages of the server')
    expect(() => endOf('words', 'client', again('words'))).to.throw('is not inside a loop of that name')
  })
})

describe('an agreement on streamed bytes', () => {
  const twoBytes = agree('size', { size: u64, bag: 'size' }, 'client', ({ size, bag }) =>
    size === BigInt(bag) ? right({}) : left('as many bytes as were announced'),
  )
  const flow = sequence(says('client', 'size', u64), blob('client', 'bag', pairs), twoBytes)

  it('gets the number of bytes', () => {
    expect(told(flow, [int(2), latin(';x')]).at(-1)).to.equal('end done, left 0 0')
    expect(told(flow, [int(3), latin(';x')])).to.include('client issue 8 InvalidValue bag: 2 bytes')
  })

  it('uses bytes only as a size', () => {
    expect(() =>
      sequence(
        says('client', 'size', u64),
        agree('size', { size: 'size' }, 'client', () => right({})),
      ),
    ).to.throw('takes size as bytes that flow')
  })
})
