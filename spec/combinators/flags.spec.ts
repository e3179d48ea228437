import { expect } from 'chai'
import { flagsOf, lowBits, setOf, struct, u8, u32, u64, utf8 } from '../../combinators/index.js'
import { toMarkdown } from '../../interpreters/index.js'
import { toJsonSchema } from '../../interpreters/json/index.js'
import { describeLaws } from '../../laws/index.js'
import { bothWays, refusal, shownAs, unwritable } from '../support/both-ways.js'

const Access = flagsOf(u8, { read: 4, write: 2, execute: 1 })
const Wide = flagsOf(u64, { first: 1, last: 2n ** 63n })

describe('flagsOf', () => {
  it('reads each bit as a boolean', () => {
    bothWays(Access, { read: false, write: false, execute: false }, '0000000000000000')
    bothWays(Access, { read: true, write: false, execute: true }, '0500000000000000')
    bothWays(Wide, { first: false, last: true }, '0000000000000080')
    bothWays(flagsOf(u8, {}), {}, '0000000000000000')
  })

  it('rejects bits without a name', () => {
    const expected = 'no bits other than read (4), write (2), execute (1)'
    expect(refusal(Access, '0900000000000000')).to.deep.equal(['InvalidValue', 0, expected])
    expect(refusal(Access, '0501000000000000')[0]).to.equal('OutOfRange')
    expect(refusal(Wide, '0200000000000000')[0]).to.equal('InvalidValue')
  })

  it('refuses to write anything but a boolean for each', () => {
    for (const value of [
      5,
      null,
      [],
      {},
      { read: true, write: true },
      { read: 1, write: true, execute: true },
    ]) {
      expect(unwritable(Access, value)).to.equal('Unrepresentable')
    }
  })

  it('shows as an object, in JSON and its schema, and on a page with its bits', () => {
    const value = { read: true, write: false, execute: true }
    shownAs(Access, value, value)
    expect(toJsonSchema(Access)).to.deep.include({ type: 'object', required: ['read', 'write', 'execute'] })
    expect(toMarkdown('File', struct('File', { access: Access }))).to.include(
      '- access :: `u8` (0 to 255): flags read (4), write (2), execute (1)',
    )
  })

  it('requires one bit for each name, and one name for each bit', () => {
    const refused = (kind: ErrorConstructor, build: () => unknown) => expect(build).to.throw(kind)
    for (const mask of [0, 3, -1]) {
      refused(RangeError, () => flagsOf(u8, { a: mask }))
    }
    // @ts-expect-error the compiler refuses it too
    refused(RangeError, () => flagsOf(u8, { a: 256 }))
    // @ts-expect-error the compiler refuses it too
    refused(RangeError, () => flagsOf(u8, { a: 1.5 }))
    refused(RangeError, () => flagsOf(lowBits(4), { a: 16 }))
    // @ts-expect-error the compiler refuses it too
    refused(TypeError, () => flagsOf(u32, { a: 1, b: 1 }))
    // @ts-expect-error the compiler refuses it too
    refused(TypeError, () => flagsOf(u32, { 7: 1 }))
    // @ts-expect-error the compiler refuses it too
    refused(TypeError, () => flagsOf(utf8, { a: 1 }))
  })

  describeLaws(
    struct('Flags', { access: Access, wide: Wide, low: flagsOf(lowBits(4), { a: 8 }), set: setOf(Access) }),
  )
})
