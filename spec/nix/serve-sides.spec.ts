import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { expect } from 'chai'
import { none, some } from 'fp-ts/lib/Option.js'
import type { ProtocolVersion } from '../../combinators/index.js'
import {
  connectServe,
  pathInfosOf,
  type ServeBuildOptions,
  type ServeBuildResult,
} from '../../serve/index.js'
import type * as T from '../../types/index.js'
import { rightOf } from '../support/either.js'
import { describeWithNix } from '../support/nix-daemon.js'
import { describeRelease, NixStore, nixReleases } from '../support/nix-serve.js'
import { projectPath } from '../support/shared.js'
import { concat } from '../support/wire.js'

const bytesOf = async (chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> => {
  const all: Array<Uint8Array> = []
  for await (const chunk of chunks) {
    all.push(chunk.slice())
  }
  return concat(...all)
}

const [maxSilentTime, buildTimeout] = [0, 0]
const options: ServeBuildOptions = {
  ...{ maxSilentTime, buildTimeout, maxLogSize: 0n },
  ...{ nrRepeats: 0, enforceDeterminism: false, keepFailed: false },
}

const connected = async (store: NixStore, newest: ProtocolVersion) => {
  const child = store.serve()
  child.stderr.resume()
  const pair = {
    readable: Readable.toWeb(child.stdout) as ReadableStream<Uint8Array>,
    writable: Writable.toWeb(child.stdin) as WritableStream<Uint8Array>,
  }
  const client = rightOf(await connectServe(pair, { newest, storeDir: store.storeDir })())
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  return { ...client, ended }
}

describeWithNix('our sides of the serve protocol, with real Nix', () => {
  for (const release of nixReleases) {
    describeRelease(release, () => {
      it('the client sends each command to nix-store --serve, at each version', async () => {
        const store = await NixStore.create(release)
        try {
          const path = (await store.add('leaf.txt', 'assam\n')) as string as T.StorePath
          const archive = Uint8Array.from(await store.run('nix-store', ['--dump', path]))
          const sha256 = createHash('sha256').update(archive).digest('hex') as string as T.NARHash
          const drv = (await store.instantiate('tea', 'echo hi > $out')) as string as T.StorePath
          const burnt = (await store.instantiate('burnt', 'exit 3')) as string as T.StorePath
          const all = (drvPath: T.StorePath) =>
            ({ _tag: 'Built', drvPath: { _tag: 'Opaque', path: drvPath }, outputs: { _tag: 'All' } }) as const
          for (const newest of ['2.1', '2.2', '2.3', '2.4', '2.5', '2.6', '2.7', '2.8'] as const) {
            const { calls, close, ended, protocol } = await connected(store, newest)
            const server = release.title === 'Nix 2.3' ? '2.5' : '2.7'
            expect(protocol.version).to.equal([newest, server].sort()[0])
            const valid = { lock: true, substitute: false, paths: [path] }
            expect(rightOf(await calls.QueryValidPaths({ request: valid })()).reply).to.deep.equal([path])
            const missing = `${store.storeDir}/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo` as string as T.StorePath
            const infos = pathInfosOf(
              rightOf(await calls.QueryPathInfos({ request: { paths: [path, missing].sort() } })()),
            )
            expect([...infos.keys()]).to.deep.equal([path])
            expect(infos.get(path)).to.deep.include({
              narSize: BigInt(archive.length),
              narHash: newest < '2.4' ? none : some(sha256),
            })
            const { download } = rightOf(await calls.DumpStorePath({ request: { path } })())
            expect(await bytesOf(download)).to.deep.equal(archive)
            const closure = { includeOutputs: false, paths: [path] }
            expect(rightOf(await calls.QueryClosure({ request: closure })()).reply).to.deep.equal([path])
            const built = { request: { paths: [all(drv)], options } }
            expect(rightOf(await calls.BuildPaths(built)())).to.deep.equal({ status: 0 })
            const failed = rightOf(await calls.BuildPaths({ request: { paths: [all(burnt)], options } })())
            expect(failed.status).to.be.above(0)
            expect(failed.message).to.include('burnt')
            if (release.title !== 'Nix 2.34') {
              const exported = rightOf(await calls.ExportPaths({ request: { sign: false, paths: [path] } })())
              const stream = await bytesOf(exported.download)
              expect(rightOf(await calls.ImportPaths({ upload: [stream] })())).to.deep.equal({
                reply: undefined,
              })
            }
            if (newest >= '2.5') {
              const info = { path, deriver: none, narHash: sha256, references: [], registrationTime: 0n }
              const rest = { narSize: BigInt(archive.length), ultimate: false, signatures: [], ca: none }
              const added = await calls.AddToStoreNar({
                request: { ...info, ...rest },
                upload: [archive.subarray(0, 33), archive.subarray(33)],
              })()
              expect(rightOf(added)).to.deep.equal({ reply: undefined })
            }
            await close()
            await ended
          }
        } finally {
          await store.remove()
        }
      })

      it('the client builds derivations that it sends, at each version', async () => {
        const store = await NixStore.create(release)
        try {
          const system = JSON.parse(
            await store.line('nix-instantiate', ['--eval', '-E', 'builtins.currentSystem']),
          ) as string
          /** A derivation of a script that has not been built, as BuildDerivation sends it. */
          const sent = async (name: string, script: string) => {
            const drvPath = (await store.instantiate(name, script)) as string as T.StorePath
            const outPath = (await store.line('nix-store', [
              '-q',
              '--outputs',
              drvPath,
            ])) as string as T.StorePath
            const out = 'out' as string as T.OutputName
            const drv = {
              outputs: new Map([[out, { _tag: 'InputAddressed', path: outPath } as const]]),
              inputSrcs: [],
              platform: system,
              builder: '/bin/sh',
              args: ['-c', script],
              env: new Map([['out', outPath]]),
            } as const
            return { request: { drvPath, drv, options }, outPath }
          }
          for (const newest of ['2.1', '2.2', '2.3', '2.4', '2.5', '2.6', '2.7', '2.8'] as const) {
            // Nix 2.8 sends the outputs below 2.6 too, where clients do not read them: the rest is out of step.
            const isLast = release.title === 'Nix 2.8' && newest < '2.6'
            const tea = await sent(`tea-${newest}`, `echo ${newest} > $out`)
            const burnt = await sent(`burnt-${newest}`, 'exit 3')
            const asked = [tea, tea, burnt]
            const results: Array<ServeBuildResult> = []
            for (let at = 0; at < asked.length; ) {
              const { calls, close, ended } = await connected(store, newest)
              do {
                const { request } = asked[at] ?? expect.fail()
                results.push(rightOf(await calls.BuildDerivation({ request })()).reply)
                at++
              } while (!isLast && at < asked.length)
              await close()
              await ended
            }
            expect(results.map(({ status }) => status)).to.deep.equal([
              'Built',
              'AlreadyValid',
              'PermanentFailure',
            ])
            expect(results[2]?.errorMsg).to.include('failed with exit code 3')
            expect(readFileSync(tea.outPath, 'utf8')).to.equal(`${newest}\n`)
          }
        } finally {
          await store.remove()
        }
      })

      it('the client uses each flag of a command', async () => {
        const store = await NixStore.create(release)
        try {
          const [leaf, water] = (await Promise.all([
            store.add('leaf.txt', 'assam\n'),
            store.add('water.txt', 'hot\n'),
          ])) as ReadonlyArray<string> as ReadonlyArray<T.StorePath>
          const drv = (await store.instantiate('tea', 'echo hi > $out')) as string as T.StorePath
          const outPath = (await store.line('nix-store', ['-q', '--outputs', drv])) as string as T.StorePath
          const { calls, close, ended } = await connected(store, '2.8')
          const valid = { lock: true, substitute: true, paths: [leaf!, outPath].sort() }
          expect(rightOf(await calls.QueryValidPaths({ request: valid })()).reply).to.deep.equal([leaf])
          const named = { _tag: 'Names', names: ['out' as string as T.OutputName] } as const
          const built = { _tag: 'Built', drvPath: { _tag: 'Opaque', path: drv }, outputs: named } as const
          const paths = [{ _tag: 'Opaque', path: leaf! } as const, built]
          expect(rightOf(await calls.BuildPaths({ request: { paths, options } })())).to.deep.equal({
            status: 0,
          })
          const closure = async (includeOutputs: boolean) =>
            rightOf(await calls.QueryClosure({ request: { includeOutputs, paths: [drv] } })()).reply
          expect(await closure(false)).to.deep.equal([drv])
          expect(await closure(true)).to.deep.equal([drv, outPath].sort())
          const both = [leaf!, water!].sort()
          const infos = pathInfosOf(rightOf(await calls.QueryPathInfos({ request: { paths: both } })()))
          expect([...infos.keys()]).to.deep.equal(both)
          if (release.title !== 'Nix 2.34') {
            const exported = rightOf(await calls.ExportPaths({ request: { sign: true, paths: both } })())
            const upload = [await bytesOf(exported.download)]
            expect(rightOf(await calls.ImportPaths({ upload })())).to.deep.equal({ reply: undefined })
          }
          await close()
          await ended
        } finally {
          await store.remove()
        }
      })

      it('the client reports a command that failed when the connection ends', async () => {
        const store = await NixStore.create(release)
        try {
          const { calls, closed, ended } = await connected(store, '2.7')
          const path = `${store.storeDir}/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo` as string as T.StorePath
          const answer = await calls.DumpStorePath({ request: { path } })()
          expect(answer).to.deep.include({ _tag: 'Left' })
          await closed
          await ended
        } finally {
          await store.remove()
        }
      })

      it('the server is a store for nix copy over a program in place of ssh', async () => {
        const store = await NixStore.create(release, '/nix/store')
        try {
          const served = join(store.dir, 'served')
          mkdirSync(served)
          const program = projectPath('spec/support/serve-store.ts')
          const command = `cd '${projectPath()}' && exec env -i PATH='${process.env.PATH}' '${process.execPath}' --import tsx '${program}' '${served}'`
          const env = await store.reach(store, command, false)
          const path = await store.add('leaf.txt', 'assam\n')
          await store.run('nix', ['copy', '--no-check-sigs', '--to', 'ssh://kitchen', path], env)
          const archive = await store.run('nix-store', ['--dump', `${store.dir}/store/${path.slice(11)}`])
          expect(readdirSync(served).sort()).to.deep.equal([
            `${path.slice(11)}.info`,
            `${path.slice(11)}.nar`,
          ])
          expect(readFileSync(join(served, `${path.slice(11)}.nar`)).equals(archive)).to.equal(true)
          await store.run('nix-store', ['--delete', path])
          await store.run('nix', ['copy', '--no-check-sigs', '--from', 'ssh://kitchen', path], env)
          expect(readFileSync(`${store.dir}/store/${path.slice(11)}`, 'utf8')).to.equal('assam\n')
        } finally {
          await store.remove()
        }
      })
    })
  }
})
