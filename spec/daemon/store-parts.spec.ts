import { expect } from 'chai'
import fc from 'fast-check'
import { none, some } from 'fp-ts/lib/Option.js'
import type { ProtocolVersion } from '../../combinators/version.js'
import { RemoteError } from '../../daemon/failure.js'
import { closureOrder } from '../../daemon/served-store/closure-order.js'
import { archiveOfFile, dumpOf } from '../../daemon/served-store/dump.js'
import { addedReply, infoUnder, pathInfoReply } from '../../daemon/served-store/fitted-replies.js'
import { GateKeeper } from '../../daemon/served-store/gate-keeper.js'
import { PathLocks } from '../../daemon/served-store/path-locks.js'
import { operations } from '../../grammar/operations/index.js'
import { streamOf } from '../../grammar/operations/operation.js'
import { compile } from '../../interpreters/index.js'
import { nixProtocol } from '../../types/nix-protocol.js'
import { rightOf } from '../support/either.js'
import { pathInfo } from '../support/exports.js'
import { collect, fileNar } from '../support/memory-store.js'
import { archive, cut, directory, file } from '../support/nar.js'
import { turns } from '../support/waiting.js'

const versions: ReadonlyArray<ProtocolVersion> = ['1.10', '1.15', '1.16', '1.17', '1.24', '1.25', '1.38']

describe('the order of a closure', () => {
  it('has each path once, after all its references except itself', () => {
    const numbers = fc.array(fc.array(fc.nat(11), { maxLength: 4 }), { minLength: 12, maxLength: 12 })
    fc.assert(
      fc.property(numbers, fc.array(fc.nat(11), { maxLength: 4 }), (drawn, roots) => {
        // Without cycles: each has references to those before it, and to itself.
        const references = drawn.map((each, at) => each.filter((other) => other <= at))
        const order = closureOrder(roots, (path) => references[path] ?? [])
        expect(new Set(order).size).to.equal(order.length)
        expect(roots.every((root) => order.includes(root))).to.equal(true)
        for (const [at, path] of order.entries()) {
          for (const reference of references[path] ?? []) {
            expect(order.indexOf(reference)).to.be.within(0, at)
          }
        }
      }),
    )
  })

  it('ends for circular references, and needs no deep stack', () => {
    expect(closureOrder(['a'], (path) => (path === 'a' ? ['b'] : ['a', 'b']))).to.have.members(['a', 'b'])
    const long = closureOrder([100_000], (path) => (path === 0 ? [] : [path - 1]))
    expect([long.length, long[0], long.at(-1)]).to.deep.equal([100_001, 0, 100_000])
  })
})

describe('locks of paths', () => {
  it('let one task at a time use a path, in the order they came, whether the one before fails or not', async () => {
    const locks = new PathLocks()
    const seen: Array<string> = []
    const work = (name: string, fails: boolean) => async () => {
      seen.push(`${name} begins`)
      await turns(3)
      seen.push(`${name} ends`)
      if (fails) {
        throw new Error(name)
      }
      return name
    }
    const all = await Promise.allSettled([
      locks.hold('a', work('one', true)),
      locks.hold('a', work('two', false)),
      locks.hold('a', work('three', false)),
    ])
    expect(all.map(({ status }) => status)).to.deep.equal(['rejected', 'fulfilled', 'fulfilled'])
    const names = ['one', 'two', 'three']
    expect(seen).to.deep.equal(names.flatMap((name) => [`${name} begins`, `${name} ends`]))
  })

  it('let tasks on other paths go on', async () => {
    const locks = new PathLocks()
    let release: () => void = () => undefined
    const held = locks.hold('a', () => new Promise<void>((resolve) => (release = resolve)))
    expect(await locks.hold('b', () => 'done')).to.equal('done')
    release()
    await held
  })
})

describe('a gate', () => {
  it('admits one alone, or many together', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 12 }), async (kinds) => {
        const gate = new GateKeeper()
        let beside = 0
        let alone = 0
        let most = 0
        await Promise.all(
          kinds.map((isAlone) =>
            isAlone
              ? gate.alone(async () => {
                  expect([alone++, beside]).to.deep.equal([0, 0])
                  await turns(2)
                  expect([alone--, beside]).to.deep.equal([1, 0])
                })
              : gate.beside(async () => {
                  most = Math.max(most, ++beside)
                  expect(alone).to.equal(0)
                  await turns(2)
                  expect(alone).to.equal(0)
                  beside--
                }),
          ),
        )
        expect(most).to.be.at.least(kinds.includes(false) ? 1 : 0)
        if (!kinds.includes(true)) {
          expect(most).to.equal(kinds.length)
        }
      }),
      { numRuns: 30 },
    )
  })
})

describe('the upload of AddToStore', () => {
  const contents = Buffer.from('the contents of a file')

  for (const version of versions) {
    it(`is the file for files and an archive for the rest, at ${version}`, async () => {
      const stream = streamOf(operations.AddToStore, nixProtocol({ version }))
      const isWrapped = stream?.content === 'Nar'
      expect(isWrapped).to.equal(Number(version.slice(2)) < 25)
      const nar = archive(file(contents))
      const given = (bytes: Uint8Array) =>
        ({ stream, upload: cut(bytes, [1, 7, 30]) as never }) as Parameters<typeof dumpOf>[1]
      for (const _tag of ['Flat', 'Text'] as const) {
        const dump = dumpOf({ method: { _tag, algorithm: 'sha256' } }, given(isWrapped ? nar : contents))
        expect(Buffer.from(await collect(dump)).equals(contents)).to.equal(true)
      }
      for (const _tag of ['NixArchive', 'Git'] as const) {
        const dump = dumpOf({ method: { _tag, algorithm: 'sha1' } }, given(nar))
        expect(Buffer.from(await collect(dump)).equals(nar)).to.equal(true)
      }
    })
  }

  it('is rejected if a file is needed and a directory comes', async () => {
    const stream = streamOf(operations.AddToStore, nixProtocol({ version: '1.24' }))
    const upload = [archive(directory(['a', file('x')]))] as never
    const dump = dumpOf({ method: { _tag: 'Flat', algorithm: 'sha256' } }, { stream, upload })
    const failure = await collect(dump).catch((error: unknown) => error)
    expect(failure).to.be.an.instanceOf(RemoteError)
    expect(String(failure)).to.match(/expected a regular file, not a directory/)
  })

  it('has an archive around a file, as Nix makes it', async () => {
    for (const text of ['', 'x', '12345678', 'y'.repeat(100_000)]) {
      const bytes = Buffer.from(text)
      const nar = await collect(archiveOfFile(bytes.length, cut(bytes, [1000, 3])))
      expect(Buffer.from(nar).equals(archive(file(text)))).to.equal(true)
      expect(Buffer.from(nar).equals(await fileNar(bytes))).to.equal(true)
    }
    expect(
      await collect(archiveOfFile(5, [Buffer.from('four')])).catch((error: Error) => error.name),
    ).to.equal('IssueError')
  })
})

describe('replies', () => {
  const { path, info: plain } = pathInfo(7n)
  const ca = { _tag: 'Text', algorithm: 'sha256', digest: '0'.repeat(52) } as never
  const info = { ...plain, ultimate: true, signatures: ['k:AA=='] as never, ca: some(ca) }

  for (const version of versions) {
    const protocol = nixProtocol({ version })
    const since = (minor: number): boolean => Number(version.slice(2)) >= minor

    it(`have at ${version} the fields of that version, and no others`, () => {
      const codec = compile(operations.QueryPathInfo.reply, { version })
      expect(codec.encode(some(info))._tag).to.equal(since(16) ? 'Right' : 'Left')
      rightOf(codec.encode(pathInfoReply(protocol, path, info)))
      const told = infoUnder(protocol, info)
      expect([told.narHash, told.references]).to.deep.equal([info.narHash, info.references])
      expect(told.signatures).to.deep.equal(since(16) ? info.signatures : [])
      const added = compile(operations.AddToStore.reply, { version })
      const reply = addedReply(protocol, { path, info })
      rightOf(added.encode(reply))
      expect(reply.info._tag).to.equal(since(25) ? 'Some' : 'None')
    })

    it(`have at ${version} its form for an invalid path`, () => {
      if (since(17)) {
        expect(pathInfoReply(protocol, path, null)).to.deep.equal(none)
        return
      }
      expect(() => pathInfoReply(protocol, path, null)).to.throw(RemoteError, /is not valid/)
    })
  }
})
