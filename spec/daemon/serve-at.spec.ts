import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { duplexPair } from 'node:stream'
import { expect } from 'chai'
import type { Either } from 'fp-ts/lib/Either.js'
import type { Issue } from '../../combinators/issue.js'
import { promises } from '../../daemon/client.js'
import { serveAt } from '../../daemon/serve-at.js'
import type { ServedConnection } from '../../daemon/server-types.js'
import type { StorePath } from '../../types/index.js'
import { longest, until } from '../support/waiting.js'

const path = '/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo' as StorePath

describe('a server', () => {
  let dir = ''
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'nix-wire-serve-'))
  })
  afterEach(() => rmSync(dir, { recursive: true }))

  it('makes handlers for each connection, which are told of its end', async () => {
    const connections: Array<ServedConnection> = []
    const server = await serveAt(join(dir, 's'), (connection) => {
      connections.push(connection)
      let asked = 0
      return { IsValidPath: () => asked++ === 0 }
    })
    const [one, two] = [await promises.connect(join(dir, 's')), await promises.connect(join(dir, 's'))]
    expect(await one.promises.isValidPath({ path })).to.equal(true)
    expect(await one.promises.isValidPath({ path })).to.equal(false)
    expect(await two.promises.isValidPath({ path })).to.equal(true)
    expect(connections.map(({ signal }) => signal.aborted)).to.deep.equal([false, false])
    await one.close()
    await until(() => connections.some(({ signal }) => signal.aborted), 'the end of a connection')
    expect(connections.filter(({ signal }) => signal.aborted)).to.have.lengthOf(1)
    await server.close()
    expect(connections.every(({ signal }) => signal.aborted)).to.equal(true)
    await two.close()
  })

  it('closes a connection for which no handlers are made, tells why, and goes on', async () => {
    const mistakes: ReadonlyArray<() => object | undefined> = [
      () => {
        throw new Error('no handlers today')
      },
      () => undefined,
      () => ({ isValidPath: () => true }),
    ]
    const failures: Array<string> = []
    let made = 0
    const signals: Array<AbortSignal> = []
    const server = await serveAt(
      join(dir, 's'),
      ({ signal }) => {
        signals.push(signal)
        const mistake = mistakes[made++]
        return mistake === undefined ? { IsValidPath: () => true } : (mistake() as object)
      },
      { onFailure: ({ message }) => failures.push(message) },
    )
    for (const _ of mistakes) {
      const refused = await promises.connect(join(dir, 's')).catch((error: unknown) => error)
      expect(refused).to.be.instanceOf(Error)
    }
    const client = await promises.connect(join(dir, 's'))
    expect(await client.promises.isValidPath({ path })).to.equal(true)
    await client.close()
    await server.close()
    expect(failures).to.have.lengthOf(3)
    expect(failures[0]).to.equal('no handlers today')
    expect(failures[1]).to.equal('the handlers of serve must be an object, not undefined')
    expect(failures[2]).to.contain('no operation "isValidPath"')
    expect(signals.map(({ aborted }) => aborted)).to.deep.equal([true, true, true, true])
  })

  it('rejects its end if no handlers are made for its only connection', async () => {
    const [here, there] = duplexPair()
    const server = await serveAt(there, () => {
      throw new Error('no handlers today')
    })
    expect(await server.ended.catch(String)).to.equal('Error: no handlers today')
    expect(there.destroyed).to.equal(true)
    here.destroy()
  })

  it('has ended after it is closed, and its socket is gone', async () => {
    const server = await serveAt(join(dir, 's'), {})
    let ended = false
    const over = server.ended.then(() => {
      ended = true
    })
    const client = await promises.connect(join(dir, 's'))
    expect(ended).to.equal(false)
    await server.close()
    await over
    expect(existsSync(join(dir, 's'))).to.equal(false)
    await client.close()
  })

  it('serves one stream, and ends with it', async () => {
    const [here, there] = duplexPair()
    const endings: Array<Either<Issue, void>['_tag']> = []
    const server = await serveAt(
      there,
      { QueryAllValidPaths: () => [path] },
      { onClose: ({ _tag }) => endings.push(_tag) },
    )
    const client = await promises.connect(here, { timeout: longest })
    expect(await client.promises.queryAllValidPaths()).to.deep.equal([path])
    await client.close()
    await server.ended
    expect(endings).to.deep.equal(['Right'])
    await server.close()
  })

  it('serves a program, and reports how it ended', async () => {
    const failures: Array<string> = []
    const endings: Array<Either<Issue, void>['_tag']> = []
    // The magic and version of a client of protocol 1.10, and no more.
    const hello =
      "printf 'cxin\\0\\0\\0\\0\\012\\001\\0\\0\\0\\0\\0\\0'; head -c 16 > /dev/null; echo done >&2; exit 3"
    const server = await serveAt(
      { command: ['/bin/sh', '-c', hello], name: 'a client' },
      {},
      { onClose: ({ _tag }) => endings.push(_tag), onFailure: ({ message }) => failures.push(message) },
    )
    await server.ended
    expect(endings).to.deep.equal(['Right'])
    expect(failures).to.deep.equal(['a client exited with code 3: done'])
  })

  it('rejects an invalid address and invalid handlers', async () => {
    const refused = async (...args: ReadonlyArray<unknown>): Promise<unknown> =>
      (serveAt as (...given: ReadonlyArray<unknown>) => Promise<unknown>)(...args).catch(
        ({ message }: Error) => message,
      )
    expect(await refused(7, {})).to.match(/a target must be a stream, or a pair of them/)
    expect(await refused(join(dir, 's'), 7)).to.match(/the handlers of serveAt/)
    expect(await refused(join(dir, 's'), {}, { signal: AbortSignal.abort() })).to.match(/signal/)
  })
})
