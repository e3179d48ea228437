import { PassThrough } from 'node:stream'
import { expect } from 'chai'
import { right } from 'fp-ts/lib/Either.js'
import { bytesOf, listOf, struct, u64, utf8 } from '../../combinators/index.js'
import { NixReader } from '../../stream/index.js'
import { issueOf } from '../support/either.js'
import { until } from '../support/waiting.js'

const Message = struct('Message', { names: listOf(utf8), n: u64 })

/** A peer that announces a great deal and then sends one byte after another. */
const drip = (sent: (count: number) => unknown) => {
  let returned = false
  const source = {
    returned: () => returned,
    async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
      try {
        yield bytesOf('ffff000000000000 0000000100000000')
        for (let count = 1; ; count++) {
          await new Promise((resolve) => setImmediate(resolve))
          sent(count)
          yield Uint8Array.of(0x61)
        }
      } finally {
        returned = true
      }
    },
  }
  return source
}

describe('an abort', () => {
  it('ends a slow stream, reports the offset and the reason, and releases the source', async () => {
    const controller = new AbortController()
    const reason = new Error('enough')
    const source = drip((count) => count === 40 && controller.abort(reason))
    const reader = new NixReader(source, { signal: controller.signal })
    const read = reader.readValue(Message)()
    const issue = issueOf(await read)
    expect(issue).to.deep.include({
      _tag: 'Aborted',
      path: ['names', 0],
      cause: reason,
      actual: 'an abort: enough',
    })
    expect(issue.offset).to.be.greaterThan(16).and.below(200)
    await until(() => source.returned())
    expect(issueOf(await reader.readNumber()())._tag).to.equal('Aborted')
  })

  it('ends a read that waits for a source that never answers', async () => {
    const controller = new AbortController()
    const stream = new PassThrough()
    const reader = new NixReader(stream, { signal: controller.signal })
    const read = reader.readNumber()()
    controller.abort()
    expect(issueOf(await read)._tag).to.equal('Aborted')
    expect(stream.destroyed).to.equal(true)
  })

  it('before a read leaves the available bytes to be read, and requests no more', async () => {
    const reader = new NixReader([bytesOf('0700000000000000')], {
      buffer: bytesOf('0100000000000000 00'),
      signal: AbortSignal.abort(),
    })
    expect(await reader.readNumber()()).to.deep.equal(right(1n))
    expect(issueOf(await reader.readNumber()())._tag).to.equal('Aborted')
  })

  it('leaves no listener on the signal', async () => {
    const { signal } = new AbortController()
    let listening = 0
    const { addEventListener, removeEventListener } = EventTarget.prototype
    signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
      listening++
      addEventListener.apply(signal, args)
    }
    signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
      listening--
      removeEventListener.apply(signal, args)
    }
    async function* bytes(): AsyncGenerator<Uint8Array> {
      for (let i = 0; i < 100; i++) yield Uint8Array.of(0)
    }
    const reader = new NixReader(bytes(), { signal })
    while ((await reader.promises.tryReadNumber())._tag === 'Some' && reader.offset < 96) {
      expect(listening).to.equal(0)
    }
    expect(reader.offset).to.equal(96)
  })

  it('by cancel works the same without a signal', async () => {
    const reader = new NixReader([bytesOf('0700000000000000')])
    reader.cancel(new Error('not needed'))
    expect(issueOf(await reader.readNumber()())).to.deep.include({
      _tag: 'Aborted',
      actual: 'an abort: not needed',
    })
  })

  it('while reads overlap: a second read at the same time throws', async () => {
    const reader = new NixReader(new PassThrough())
    void reader.readNumber()()
    expect(() => reader.readNumber()()).to.throw(/another read is pending/)
  })
})
