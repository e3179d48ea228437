import { expect } from 'chai'
import type { Grammar } from '../../combinators/index.js'
import { vectorsOf } from '../../vectors/index.js'
import { expectSame, subject } from '../interpreters/kaitai/checked.js'
import { type Decoders, decoders } from '../interpreters/kaitai/decoders.js'
import { exported } from '../interpreters/kaitai/exported.js'

describe('valid vectors, read by decoders that Kaitai Struct made', () => {
  let made: Decoders

  before(async () => {
    made = await decoders()
  })

  it('have their listed value, of every type at every version', () => {
    let count = 0
    for (const [, grammar] of exported) {
      for (const { result, protocol, bytes } of vectorsOf(grammar as Grammar<unknown>)) {
        if (result === 'valid') {
          expectSame(subject(grammar, protocol, made.of(grammar)), bytes)
          count++
        }
      }
    }
    expect(count).to.be.greaterThan(1000)
  })
})
