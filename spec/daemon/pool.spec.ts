import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { duplexPair } from 'node:stream'
import { expect } from 'chai'
import { isLeft } from 'fp-ts/lib/Either.js'
import { connect, promises } from '../../daemon/client.js'
import type { Client } from '../../daemon/client-types.js'
import type { ConnectOptions } from '../../daemon/connect-options.js'
import { RemoteError, showFailure } from '../../daemon/failure.js'
import { type ServeAtOptions, type Serving, serveAt } from '../../daemon/serve-at.js'
import type { Handlers } from '../../daemon/server-types.js'
import { defaultSettings } from '../../daemon/settings.js'
import { operations } from '../../grammar/operations/index.js'
import type { StorePath } from '../../types/index.js'
import { fileNar } from '../support/memory-store.js'
import { longest, until } from '../support/waiting.js'

const pathOf = (name: string): StorePath => `/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-${name}` as StorePath
const build = { paths: [], mode: 'Normal' as const }
const archive = await fileNar(new Uint8Array(100_000))

/** A door that opens on request. */
const door = (): { readonly opened: Promise<void>; readonly open: () => void } => {
  let open: () => void = () => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open }
}

describe('connect with connections', () => {
  let dir: string
  let server: Serving | undefined
  let client: Client<typeof operations> | undefined
  /** The connections of the server, in order; and the requests of each. */
  let asked: Array<Array<string>>
  let gone: number
  let doors: Map<string, ReturnType<typeof door>>
  const socket = () => join(dir, 's')

  /** Handlers of one connection: a path named after a door waits for it. */
  const handlersOf = (own: Array<string>): Handlers<typeof operations> => {
    const wait = async (name: string) => {
      own.push(name)
      await doors.get(name)?.opened
    }
    return {
      IsValidPath: async ({ path }, { log }) => {
        const name = path.slice(44)
        await log.line(`${asked.indexOf(own)}: ${name}`)
        await wait(name)
        if (name === 'broken') {
          throw new Error('no such luck')
        }
        return true
      },
      BuildPaths: () => wait('build') as Promise<undefined>,
      NarFromPath: async function* () {
        own.push('nar')
        yield archive
      } as never,
      SetOptions: ({ verbosity }) => {
        own.push(`set ${verbosity}`)
        return undefined
      },
      AddTempRoot: () => {
        throw new RemoteError('no roots here')
      },
    }
  }

  const serve = async (options: ServeAtOptions = {}): Promise<void> => {
    server = await serveAt(
      socket(),
      ({ signal }) => {
        const own: Array<string> = []
        asked.push(own)
        signal.addEventListener('abort', () => gone++)
        return handlersOf(own)
      },
      options,
    )
  }

  const pool = async (
    connections: number,
    options: ConnectOptions = {},
  ): Promise<Client<typeof operations>> => {
    client = await promises.connect(socket(), {
      connections,
      newest: '1.37',
      settings: false,
      timeout: longest,
      ...options,
    })
    return client
  }

  const isValid = (name: string): Promise<boolean> => client!.promises.isValidPath({ path: pathOf(name) })
  const isAsked = (name: string): Promise<void> =>
    until(() => asked.flat().includes(name), `${name} is asked`)

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'nix-wire-'))
    asked = []
    gone = 0
    doors = new Map(['a', 'b', 'c', 'd', 'build'].map((name) => [name, door()]))
    await serve()
  })
  afterEach(async () => {
    for (const { open } of doors.values()) {
      open()
    }
    await client?.close()
    await server?.close()
    rmSync(dir, { recursive: true })
  })

  it('opens the connections that are needed, up to that many, and shares them evenly', async () => {
    await pool(3)
    for (const name of ['x', 'y', 'z']) {
      await isValid(name)
    }
    expect(asked).to.deep.equal([['x', 'y', 'z']])
    const calls = ['a', 'b', 'c', 'd'].map(isValid)
    await until(() => asked.length === 3 && asked.every((own) => own.some((name) => name < 'e')))
    for (const { open } of doors.values()) {
      open()
    }
    expect(await Promise.all(calls)).to.deep.equal([true, true, true, true])
    expect(asked).to.have.lengthOf(3)
    expect(asked.map((own) => own.filter((name) => name < 'e').length).sort()).to.deep.equal([1, 1, 2])
  })

  it('reserves one for a build, and goes on beside it', async () => {
    await pool(2)
    const building = client!.promises.buildPaths(build)
    await isAsked('build')
    expect(await Promise.all(['x', 'y', 'z'].map(isValid))).to.deep.equal([true, true, true])
    expect(asked).to.deep.equal([['build'], ['x', 'y', 'z']])
    const next = isValid('a')
    await isAsked('a')
    // The second build waits until the calls before it are done, and no call comes between.
    const second = client!.promises.buildPaths(build)
    const late = isValid('late')
    doors.get('a')!.open()
    await next
    await until(() => asked[1]!.includes('build'))
    expect(asked.flat()).not.to.include('late')
    doors.get('build')!.open()
    await Promise.all([building, second])
    expect(await late).to.equal(true)
  })

  it('reserves one for a download up to its end', async () => {
    await pool(2)
    const first = await client!.promises.narFromPath({ path: pathOf('x') })
    const second = await client!.promises.narFromPath({ path: pathOf('y') })
    const waiting = isValid('x')
    let size = 0
    for await (const { length } of first) {
      size += length
    }
    expect(size).to.equal(archive.length)
    expect(await waiting).to.equal(true)
    await second.discard()
    expect(asked.map((own) => own.length).sort()).to.deep.equal([1, 2])
  })

  it('reports the log of all', async () => {
    const lines: Array<string> = []
    await pool(2, {
      onLog: (message) => {
        lines.push(message._tag === 'Next' ? message.text.trim() : message._tag)
      },
    })
    const log = client!.logs()
    const calls = ['a', 'b'].map(isValid)
    await Promise.all([isAsked('a'), isAsked('b')])
    doors.get('a')!.open()
    doors.get('b')!.open()
    await Promise.all(calls)
    expect(lines.sort()).to.deep.equal(['0: a', '1: b'])
    await client!.close()
    let told = 0
    for await (const _ of log) {
      told++
    }
    expect(told).to.equal(2)
  })

  it('sends the settings of one to each, also to later ones', async () => {
    const { SetOptions } = operations
    expect(SetOptions.connection).to.equal('each')
    await pool(3)
    const first = isValid('a')
    await isAsked('a')
    await client!.promises.setOptions({ ...defaultSettings, verbosity: 'Info' })
    await client!.promises.setOptions({ ...defaultSettings, verbosity: 'Debug' })
    const others = ['b', 'c'].map(isValid)
    await Promise.all([isAsked('b'), isAsked('c')])
    for (const { open } of doors.values()) {
      open()
    }
    await Promise.all([first, ...others])
    expect(asked).to.have.lengthOf(3)
    // The connection that was busy gets it when its call is over.
    await until(() => asked.every((own) => own.includes('set Debug')), 'all are told')
    for (const own of asked) {
      expect(own.filter((name) => name.startsWith('set')).at(-1)).to.equal('set Debug')
    }
    // The third connection came after all settings, and received only the last.
    expect(asked[2]).to.deep.equal(['set Debug', asked[2]!.at(-1)])
  })

  it('goes on when a call fails, and gets another when a connection breaks', async () => {
    await pool(2)
    const message = await isValid('broken').catch((error: Error) => error.message)
    expect(message).to.include('no such luck')
    const lost = ['a', 'b'].map((name) => isValid(name).catch((error: Error) => error.message))
    await Promise.all([isAsked('a'), isAsked('b')])
    for (const { open } of doors.values()) {
      open()
    }
    const abort = new AbortController()
    doors.set('a', door())
    const given = connectCall(abort.signal)
    await until(() => asked.flat().filter((name) => name === 'a').length === 2)
    abort.abort(new Error('enough'))
    expect(await given).to.include('enough')
    doors.get('a')!.open()
    await Promise.all(lost)
    await until(() => gone === 1)
    expect(await Promise.all(['x', 'y', 'z'].map(isValid))).to.deep.equal([true, true, true])
  })

  const connectCall = (signal: AbortSignal): Promise<string> =>
    client!.promises
      .isValidPath({ path: pathOf('a') }, { signal })
      .then(String, (error: Error) => error.message)

  it('reports why no connection is left', async () => {
    await pool(2)
    await server!.close()
    await until(async () => {
      const result = await client!.isValidPath({ path: pathOf('x') })()
      return isLeft(result) && showFailure(result.left).includes('a connection to a daemon')
    }, 'it says that there is none')
    await serve()
    expect(await isValid('x')).to.equal(true)
  })

  it('works with fewer if the daemon gives fewer', async () => {
    await server!.close()
    await serve({ maxConnections: 1 })
    await pool(3)
    const calls = ['a', 'b', 'x'].map(isValid)
    await isAsked('a')
    doors.get('a')!.open()
    doors.get('b')!.open()
    expect(await Promise.all(calls)).to.deep.equal([true, true, true])
  })

  it('waits for a connection up to the limit', async () => {
    await pool(2)
    const builds = [client!.promises.buildPaths(build), client!.promises.buildPaths(build)]
    await until(() => asked.flat().filter((name) => name === 'build').length === 2)
    const abort = new AbortController()
    const aborted = client!.isValidPath({ path: pathOf('x') }, { signal: abort.signal })()
    abort.abort(new Error('enough'))
    const [late, early] = await Promise.all([
      client!.isValidPath({ path: pathOf('x') }, { timeout: 1 })(),
      aborted,
    ])
    expect(late)
      .to.have.nested.property('left.actual')
      .that.includes('nothing for 1 ms, waiting for a connection')
    expect(early).to.have.nested.property('left._tag', 'Aborted')
    doors.get('build')!.open()
    await Promise.all(builds)
    expect(asked.flat()).to.deep.equal(['build', 'build'])
    expect(await isValid('x')).to.equal(true)
  })

  it('ends all of them, and the waiting calls', async () => {
    await pool(2)
    const ends = ['a', 'b'].map((name) => client!.isValidPath({ path: pathOf(name) })())
    await Promise.all([isAsked('a'), isAsked('b')])
    const building = client!.buildPaths(build)()
    const closing = client!.close()
    for (const { open } of doors.values()) {
      open()
    }
    for (const end of [...ends, building, client!.isValidPath({ path: pathOf('x') })()]) {
      expect(isLeft(await end)).to.equal(true)
    }
    await closing
    expect(await client!.closed).to.have.property('_tag', 'Aborted')
    await until(() => gone === 2)
  })

  it('ends with its signal', async () => {
    const abort = new AbortController()
    await pool(2, { signal: abort.signal })
    abort.abort(new Error('enough'))
    expect(await client!.closed)
      .to.have.property('cause')
      .that.is.instanceOf(Error)
    await until(() => gone === 1)
  })

  it('rejects a stream, and an invalid number of connections', () => {
    const [here] = duplexPair()
    expect(() => connect(here, { connections: 2 })).to.throw(TypeError, 'a stream is one connection')
    for (const connections of [0, 1.5, 257, Number.NaN]) {
      expect(() => connect(socket(), { connections })).to.throw(RangeError, 'connections')
    }
    here.destroy()
  })

  it('checks the arguments of a method at once', async () => {
    await pool(2)
    expect(() => client!.isValidPath({ path: pathOf('x') }, { timeuot: 1 } as never)).to.throw(
      TypeError,
      'timeuot',
    )
    expect(
      await client!.promises.addTempRoot({ path: pathOf('x') }).catch((error: Error) => error),
    ).to.be.instanceOf(RemoteError)
  })
})
