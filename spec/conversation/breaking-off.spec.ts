import { expect } from 'chai'
import { left } from 'fp-ts/lib/Either.js'
import { paddedBytes, size, tagged, u8, u64, utf8 } from '../../combinators/index.js'
import {
  again,
  atOnce,
  blob,
  branch,
  ConversationError,
  connectFlow,
  conversation,
  inFrames,
  inPieces,
  loop,
  nothing,
  says,
  sequence,
  turns,
} from '../../conversation/index.js'
import { rightOf } from '../support/either.js'
import { settled, until } from '../support/waiting.js'
import { concat, int, padded } from '../support/wire.js'
import { all } from './cooks.js'
import { wires } from './pipes.js'
import { latin } from './sessions.js'

const Word = tagged('is', u8, {
  Slice: [0, { bytes: paddedBytes }],
  Done: [1, {}],
  Burnt: [2, { why: utf8 }],
  Remark: [3, { text: utf8 }],
})

const speech = { key: 'word', done: { is: 'Done' }, failed: 'Burnt' } as const
const words = loop(
  'words',
  sequence(
    says('server', 'word', Word),
    branch('word.is', { Remark: again('words'), Done: nothing, Burnt: again('orders') }),
  ),
  { speech },
)
const slices = loop(
  'words',
  sequence(
    says('server', 'word', Word),
    branch('word.is', { Slice: again('words'), Done: nothing, Burnt: again('orders') }),
  ),
  { speech },
)

const never = 2n ** 64n - 1n

const bakery = conversation(
  'bakery',
  turns('orders', says('client', 'want', u8), {
    Dough: [
      1,
      atOnce(
        inFrames('client', 'dough', size, blob('client', 'flour'), {
          brokenOff: { grammar: u64, value: never },
        }),
        words,
      ),
    ],
    Loaf: [
      2,
      inPieces('server', 'loaf', blob('server', 'crumbs'), slices, {
        of: 'word.bytes',
        wrapped: { is: 'Slice' },
      }),
    ],
  }),
)

const open = async () => {
  const on = wires()
  const client = rightOf(await connectFlow(bakery, on.client)())
  const writer = on.server.writable.getWriter()
  return {
    ...on,
    client,
    calls: client.calls,
    say: (...words: ReadonlyArray<Uint8Array>) => writer.write(concat(...words)),
  }
}

const flour = latin('flour')
const begun = concat(int(1), int(5), flour)

describe('frames that break off', () => {
  it('send a message for that if their source fails', async () => {
    const { calls, up, client } = await open()
    const source = async function* () {
      yield flour
      throw new Error('the bag tore')
    }
    const failed = await calls.Dough({ dough: source() })()
    expect(failed).to.have.nested.property('left.actual', 'the bag tore')
    await client.closed
    expect(up.bytes).to.deep.equal(concat(begun, int(never)))
  })

  it('send a message for that if the call is aborted, or the client closed', async () => {
    for (const how of ['abort', 'close'] as const) {
      const { calls, up, client } = await open()
      const stop = new AbortController()
      const source = async function* () {
        yield flour
        await new Promise(() => undefined)
      }
      const dough = calls.Dough({ dough: source() }, {}, { signal: stop.signal })()
      await until(() => up.bytes.length === begun.length)
      how === 'abort' ? stop.abort() : void client.close()
      expect(await dough).to.have.nested.property('left._tag', 'Aborted')
      await client.closed
      expect(up.bytes, how).to.deep.equal(concat(begun, int(never)))
    }
  })

  it('send no such message after their end', async () => {
    const { calls, up, client } = await open()
    const dough = calls.Dough({ dough: [flour] })()
    await settled(() => up.bytes.length)
    await client.close()
    expect(await dough).to.have.nested.property('left._tag', 'Aborted')
    expect(up.bytes).to.deep.equal(concat(begun, int(0)))
  })

  it('need a message and its grammar in the option brokenOff', () => {
    const dough = blob('client', 'flour')
    expect(() =>
      inFrames('client', 'dough', size, dough, { brokenOff: { grammar: 1 as never, value: 1 } }),
    ).to.throw(TypeError, 'the grammar of the option brokenOff of inFrames')
    expect(() => inFrames('client', 'dough', size, dough, { brokenOff: { value: 1 } as never })).to.throw(
      TypeError,
      'the grammar of the option brokenOff of inFrames',
    )
  })
})

describe('a download in pieces', () => {
  const slice = concat(int(0), padded(latin('crumbs')))
  const burnt = concat(int(2), padded('black'))

  it('fails if the messages around it fail', async () => {
    const { calls, say } = await open()
    const loaf = calls.Loaf()()
    await say(slice)
    const { loaf: crumbs } = rightOf(await loaf)
    await say(slice, burnt)
    const thrown: unknown = await all(crumbs).catch((error: unknown) => error)
    expect(thrown).to.be.instanceOf(ConversationError)
    expect((thrown as ConversationError).failure).to.deep.equal({ is: 'Burnt', why: 'black' })
  })

  it('does not begin if they fail before the first piece', async () => {
    const { calls, say } = await open()
    const loaf = calls.Loaf()()
    await say(burnt)
    expect(await loaf).to.deep.equal(left({ is: 'Burnt', why: 'black' }))
  })
})

describe('a failure that the server has sent', () => {
  it('is the result, even if the connection breaks before the upload ends', async () => {
    const { calls, up, say } = await open()
    const source = function* () {
      for (;;) {
        yield new Uint8Array(65_536)
      }
    }
    up.stop()
    const dough = calls.Dough({ dough: source() })()
    await say(concat(int(2), padded('no oven')))
    up.break(new Error('broken pipe'))
    expect(await dough).to.deep.equal(left({ is: 'Burnt', why: 'no oven' }))
  })
})
