import { expect } from 'chai'
import { right } from 'fp-ts/lib/Either.js'
import { bytesOf } from '../../combinators/index.js'
import { LogMessage, readReply } from '../../grammar/index.js'
import { compile } from '../../interpreters/index.js'
import { issueOf } from '../support/either.js'

const error = { level: 'Error', msg: 'boom', exitStatus: 1, traces: [] } as const

/** Each message, and its bytes. */
const messages: ReadonlyArray<readonly [LogMessage, string]> = [
  [{ _tag: 'Next', text: 'hi\n' }, '676d6c6f00000000 0300000000000000 68690a0000000000'],
  [{ _tag: 'Read', wanted: 65536 }, '6174616400000000 0000010000000000'],
  [{ _tag: 'Write', data: new Uint8Array([0xff]) }, '1674616400000000 0100000000000000 ff00000000000000'],
  [{ _tag: 'Last' }, '73746c6100000000'],
  [
    { _tag: 'Error', error },
    `7074786300000000 0500000000000000 4572726f72000000 0000000000000000 0500000000000000 4572726f72000000
     0400000000000000 626f6f6d00000000 0000000000000000 0000000000000000`,
  ],
  [
    {
      _tag: 'StartActivity',
      id: 2n ** 53n + 1n,
      level: 'Talkative',
      type: 'QueryPathInfo',
      text: '',
      fields: [
        { type: 'String', value: 'p' },
        { type: 'Int', value: 7n },
      ],
      parent: 0n,
    },
    `5452545300000000 0100000000002000 0400000000000000 6d00000000000000 0000000000000000 0200000000000000
     0100000000000000 0100000000000000 7000000000000000 0000000000000000 0700000000000000 0000000000000000`,
  ],
  [{ _tag: 'StopActivity', id: 7n }, '504f545300000000 0700000000000000'],
  [
    { _tag: 'Result', id: 7n, type: 'SetPhase', fields: [{ type: 'String', value: 'build' }] },
    `544c535200000000 0700000000000000 6800000000000000 0100000000000000
     0100000000000000 0500000000000000 6275696c64000000`,
  ],
]

describe('log messages', () => {
  for (const [message, hex] of messages) {
    it(`${message._tag} is read and written`, () => {
      expect(compile(LogMessage).decode(bytesOf(hex))).to.deep.equal(right(message))
      expect(compile(LogMessage).encode(message)).to.deep.equal(right(bytesOf(hex)))
    })
  }

  it('have a message and an exit status in an error below 1.26', () => {
    const wire = bytesOf('7074786300000000 0400000000000000 626f6f6d00000000 6400000000000000')
    expect(compile(LogMessage, { version: '1.25' }).decode(wire)).to.deep.equal(
      right({ _tag: 'Error', error: { ...error, exitStatus: 100 } }),
    )
  })

  it('have an issue for an unknown message, and for a tag of more than 32 bits', () => {
    for (const hex of ['0000000000000000', '676d6c6f01000000']) {
      const { _tag, offset } = issueOf(compile(LogMessage).decode(bytesOf(hex)))
      expect([_tag, offset]).to.deep.equal(['UnknownTag', 0])
    }
  })

  it('have an issue for an unknown type of field, at its place', () => {
    const wire = bytesOf(
      `544c535200000000 0700000000000000 6800000000000000 0100000000000000 0200000000000000`,
    )
    const { _tag, offset, path } = issueOf(compile(LogMessage).decode(wire))
    expect([_tag, offset, path]).to.deep.equal(['UnknownTag', 32, ['fields', 0, 'type']])
  })

  it('keep the numbers of unknown types', () => {
    const wire = bytesOf('544c535200000000 0700000000000000 e703000000000000 0000000000000000')
    expect(compile(LogMessage).decode(wire)).to.deep.equal(
      right({ _tag: 'Result', id: 7n, type: 999, fields: [] }),
    )
  })

  it('have fewer than 2^32 fields', () => {
    const wire = bytesOf('544c535200000000 0700000000000000 6800000000000000 0000000001000000')
    expect(issueOf(compile(LogMessage).decode(wire))._tag).to.be.oneOf(['OutOfRange', 'LimitExceeded'])
  })
})

describe('the reply to Read', () => {
  it('has at least one byte and at most as many as were requested, padded', () => {
    const wire = bytesOf('0200000000000000 6869000000000000')
    expect(compile(readReply(2)).decode(wire)).to.deep.equal(right(new Uint8Array([0x68, 0x69])))
    expect(issueOf(compile(readReply(1)).decode(wire))._tag).to.equal('LimitExceeded')
    expect(issueOf(compile(readReply(2)).decode(new Uint8Array(8)))._tag).to.equal('InvalidValue')
    expect(issueOf(compile(readReply(2)).encode(new Uint8Array(0)))._tag).to.equal('Unrepresentable')
    expect(issueOf(compile(readReply(2)).encode(new Uint8Array(3)))._tag).to.equal('LimitExceeded')
  })
})
