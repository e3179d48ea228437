import { duplexPair } from 'node:stream'
import { expect } from 'chai'
import { left, right } from 'fp-ts/lib/Either.js'
import { none } from 'fp-ts/lib/Option.js'
import { daemonError } from '../../daemon/failure.js'
import { serveAt } from '../../daemon/serve-at.js'
import { type ServeOptions, serve } from '../../daemon/server.js'
import type { Handlers } from '../../daemon/server-types.js'
import { operations } from '../../grammar/operations/index.js'
import type { StorePath } from '../../types/index.js'
import { issueOf } from '../support/either.js'
import { joined } from './pair.js'

const path = '/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo' as StorePath

/** Handlers as a program without types writes them. */
const untyped = (handlers: { readonly [name: string]: unknown }): Handlers<typeof operations> => handlers

/** What serve says of handlers before anything is read; undefined if it serves. */
const refusal = async (handlers: unknown, options: ServeOptions = {}): Promise<string | undefined> => {
  const [here, there] = duplexPair()
  here.end()
  return serve(there, handlers as Handlers<typeof operations>, options).then(
    () => undefined,
    (thrown: unknown) => String(thrown),
  )
}

describe('a mistake in a handler', () => {
  const wrong: ReadonlyArray<readonly [what: string, handler: () => unknown, words: string]> = [
    ['nothing', () => undefined, 'the handler of IsValidPath returned what cannot be sent'],
    [
      'a promise of nothing',
      async () => undefined,
      'the handler of IsValidPath returned what cannot be sent',
    ],
    ['another value', () => 'yes', 'the handler of IsValidPath returned what cannot be sent'],
    ['an Either', () => right(true), 'the handler of IsValidPath must return the reply, a promise of it'],
    ['a promise of an Either', async () => left(daemonError('no')), 'must return the reply, a promise of it'],
    [
      'a task of nothing',
      () => async () => undefined,
      'the task of the handler of IsValidPath must give right(reply) or left(failure), not undefined',
    ],
    ['a task of a reply', () => async () => true, 'must give right(reply) or left(failure), not true'],
    [
      'a left of a text',
      () => async () => left('no'),
      'the left of the handler of IsValidPath must be a DaemonError',
    ],
    ['a left of an error', () => async () => left(new Error('no')), 'must be a DaemonError'],
  ]

  for (const [what, handler, words] of wrong) {
    it(`that returns ${what} is named, and the connection goes on`, async () => {
      const { client, served } = await joined(untyped({ IsValidPath: handler, EnsurePath: () => undefined }))
      expect(issueOf(await client.isValidPath({ path })()))
        .to.have.property('msg')
        .that.contains(words)
      expect(await client.promises.ensurePath({ path })).to.equal(undefined)
      await client.close()
      expect(await served).to.deep.equal(right(undefined))
    })
  }

  it('that is to return the bytes of a download is named', async () => {
    for (const given of [undefined, 'bytes', none]) {
      const { client } = await joined(untyped({ NarFromPath: () => given }))
      expect(issueOf(await client.narFromPath({ path })()))
        .to.have.property('msg')
        .that.contains('the handler of NarFromPath: a source must be a stream')
      await client.close()
    }
  })

  it('is not taken for success if the operation has no reply', async () => {
    const { client } = await joined(untyped({ EnsurePath: () => left(daemonError('no')) }))
    expect(issueOf(await client.ensurePath({ path })()))
      .to.have.property('msg')
      .that.contains('the handler of EnsurePath must return')
    await client.close()
  })
})

describe('a mistake in handlers', () => {
  it('is named at once: no function, no operation, no object', async () => {
    const each = [
      [{ IsValidPath: true }, 'TypeError: the handler of IsValidPath must be a function, not a boolean'],
      [{ isValidPath: () => true }, 'TypeError: the handlers of serve have no operation "isValidPath"'],
      [
        () => ({ isValidPath: () => true }),
        'TypeError: the handlers of serve have no operation "isValidPath"',
      ],
      [() => undefined, 'TypeError: the handlers of serve must be an object, not undefined'],
      [async () => ({}), 'TypeError: the handlers of serve must be an object, not a promise'],
      [Promise.resolve({}), 'TypeError: the handlers of serve must be an object, not a promise'],
    ] as const
    for (const [handlers, words] of each) {
      expect(await refusal(handlers)).to.contain(words)
    }
  })

  it('is named before a socket is made', async () => {
    const rejected = await serveAt('/nowhere/at/all', untyped({ isValidPath: () => true })).catch(String)
    expect(rejected).to.contain('the handlers of serveAt have no operation "isValidPath"')
  })

  it('is neither a state of their own, nor a handler that a table does not need', async () => {
    expect(await refusal({ asked: 0, IsValidPath: undefined })).to.equal(undefined)
    const table = { EnsurePath: operations.EnsurePath } as unknown as typeof operations
    expect(await refusal({ IsValidPath: () => true }, { operations: table })).to.equal(undefined)
  })
})
