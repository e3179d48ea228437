import { createHash } from 'node:crypto'
import { expect } from 'chai'
import { none } from 'fp-ts/lib/Option.js'
import type { Grammar, Protocol } from '../../combinators/index.js'
import { type ConversationEvent, observe } from '../../conversation/index.js'
import { compile } from '../../interpreters/index.js'
import * as S from '../../serve/index.js'
import type * as T from '../../types/index.js'
import { asSeenBy, linesOf, play, sides } from '../conversation/tape.js'
import { rightOf } from '../support/either.js'
import { describeWithNix } from '../support/nix-daemon.js'
import { describeRelease, NixStore, nixReleases } from '../support/nix-serve.js'
import { becomes } from '../support/waiting.js'
import { concat, int, padded } from '../support/wire.js'

interface Streams {
  readonly client: Uint8Array
  readonly server: Uint8Array
}

/** How long a build may be silent, and how long it may take. */
const [maxSilentTime, buildTimeout] = [0, 0]
const noLimits = { maxSilentTime, buildTimeout }

const heard = (streams: Streams, storeDir: string, steps?: Parameters<typeof play>[1]) =>
  play({ flow: S.serveProtocol, ...streams }, steps, { protocol: { storeDir } })

const commandsOf = (events: ReadonlyArray<ConversationEvent>): ReadonlyArray<string> =>
  events.flatMap((event) =>
    event.kind === 'turn' && event.is === 'over' ? [`${event.chosen} ${event.how}`] : [],
  )

const issuesIn = (events: ReadonlyArray<ConversationEvent>) => events.filter(({ kind }) => kind === 'issue')

const versionIn = (events: ReadonlyArray<ConversationEvent>): unknown => {
  const hello = events.find((event) => event.kind === 'said' && event.key === 'hello')
  return hello?.kind === 'said' ? hello.value : undefined
}

/** All that a server says to so many commands. It takes an end before its answers for an interruption. */
const answersTo = async (store: NixStore, client: Uint8Array, commands: number): Promise<Uint8Array> => {
  const child = store.serve()
  const observer = observe(S.serveProtocol, { protocol: { storeDir: store.storeDir } })
  observer.push('client', client)
  const said: Array<Buffer> = []
  let open = commands
  child.stdout.on('data', (chunk: Buffer) => {
    said.push(chunk)
    open -= commandsOf(observer.push('server', chunk)).length
    if (open === 0) {
      child.stdin.end()
    }
  })
  child.stderr.resume()
  child.stdin.on('error', () => undefined)
  child.stdin.write(client)
  await new Promise<void>((resolve) => child.once('close', () => resolve()))
  return Uint8Array.from(Buffer.concat(said))
}

describeWithNix('the serve protocol, with real Nix', () => {
  for (const release of nixReleases) {
    describeRelease(release, () => {
      it('copies there and back, and every byte is read, however the bytes are cut', async () => {
        const [here, there] = [
          await NixStore.create(release, '/nix/store'),
          await NixStore.create(release, '/nix/store'),
        ]
        try {
          const env = await here.reach(there, null, true)
          const path = await here.add('leaf.txt', 'assam\n')
          await here.run('nix', ['copy', '--no-check-sigs', '--to', 'ssh://kitchen', path], env)
          await here.run('nix-store', ['--delete', path])
          await here.run('nix', ['copy', '--no-check-sigs', '--from', 'ssh://kitchen', path], env)
          expect((await here.run('/bin/cat', [`${here.dir}/store/${path.slice(11)}`])).toString()).to.equal(
            'assam\n',
          )
          // Newer clients check whether another connection can be shared, and send nothing.
          const recordings = () => here.recordings().filter(({ client }) => client.length > 0)
          await becomes(() => recordings().flatMap((streams) => issuesIn(heard(streams, '/nix/store'))), [])
          expect(recordings()).to.have.length.above(1)
          const seen = new Set<string>()
          for (const streams of recordings()) {
            const events = heard(streams, '/nix/store')
            expect(issuesIn(events)).to.deep.equal([])
            expect(linesOf(events).at(-1)).to.equal('end done, left 0 0')
            expect(versionIn(events)).to.deep.equal({ version: release.title === 'Nix 2.3' ? '2.5' : '2.7' })
            for (const command of commandsOf(events)) {
              seen.add(command)
            }
            for (const side of sides) {
              const whole = linesOf(asSeenBy(side, events))
              for (let at = 1; at < streams[side].length; at += 8) {
                const other = side === 'client' ? 'server' : 'client'
                const cut = heard(streams, '/nix/store', [
                  [side, at],
                  [other, Infinity],
                  [side, Infinity],
                ])
                expect(linesOf(asSeenBy(side, cut)), `${side} at ${at}`).to.deep.equal(whole)
              }
            }
          }
          expect([...seen]).to.include.members([
            'AddToStoreNar done',
            'DumpStorePath done',
            'QueryPathInfos done',
            'QueryValidPaths done',
          ])
        } finally {
          await here.remove()
          await there.remove()
        }
      })

      it('answers each command at each version as the flow describes it', async () => {
        const store = await NixStore.create(release)
        try {
          const path = await store.add('leaf.txt', 'assam\n')
          const archive = Uint8Array.from(await store.run('nix-store', ['--dump', path]))
          const exported = Uint8Array.from(await store.run('nix-store', ['--export', path]))
          const [drv, failing] = [
            await store.instantiate('tea', 'echo hi > $out'),
            await store.instantiate('burnt', 'exit 3'),
          ]
          const outPath = (await store.line('nix-store', ['-q', '--outputs', drv])) as string as T.StorePath
          const out = 'out' as string as T.OutputName
          const basic = {
            outputs: new Map([[out, { _tag: 'InputAddressed', path: outPath } as const]]),
            inputSrcs: [],
            platform: JSON.parse(
              await store.line('nix-instantiate', ['--eval', '-E', 'builtins.currentSystem']),
            ),
            builder: '/bin/sh',
            args: ['-c', 'echo hi > $out'],
            env: new Map([['out', outPath]]),
          } as const
          const drvPath = drv as string as T.StorePath
          const removed = release.title === 'Nix 2.34'
          for (const minor of [1, 2, 3, 4, 5, 6, 7] as const) {
            const agreed = Math.min(minor, release.title === 'Nix 2.3' ? 5 : 7)
            const given: Partial<Protocol> = { version: `2.${agreed}`, storeDir: store.storeDir }
            // Nix 2.8 includes the outputs in its reply below 2.6 too, where clients do not read them.
            const derivation = !(release.title === 'Nix 2.8' && minor < 6)
            const bytes = <A>(grammar: Grammar<A>, value: NoInfer<A>) =>
              rightOf(compile(grammar, given).encode(value))
            const options = {
              ...noLimits,
              maxLogSize: 0n,
              nrRepeats: 0,
              enforceDeterminism: false,
              keepFailed: false,
            }
            const one = (text: string) => concat(int(1), padded(text))
            const build = (what: string) => concat(int(6), one(what), bytes(S.ServeBuildOptions, options))
            const info = {
              path: path as never,
              deriver: none,
              narHash: createHash('sha256').update(archive).digest('hex') as never,
              references: [],
              registrationTime: 0n,
              narSize: BigInt(archive.length),
              ultimate: false,
              signatures: [],
              ca: none,
            }
            const client = concat(
              int(0x390c9deb),
              int(0x200 + minor),
              concat(int(1), int(0), int(0), one(path)),
              concat(int(2), one(path)),
              concat(int(3), padded(path)),
              concat(int(4), exported),
              ...(removed ? [] : [concat(int(5), int(0), one(path))]),
              build(drv),
              build(`${failing}!out`),
              concat(int(7), int(0), one(path)),
              ...(derivation
                ? [concat(int(8), bytes(S.ServeBuildDerivationRequest, { drvPath, drv: basic, options }))]
                : []),
              ...(minor < 5 ? [] : [concat(int(9), bytes(S.ServeAddToStoreNarRequest, info), archive)]),
            )
            const commands = 7 + Number(derivation) + Number(!removed) + Number(minor >= 5)
            const server = await answersTo(store, client, commands)
            const events = heard({ client, server }, store.storeDir)
            expect(linesOf(issuesIn(events)), given.version).to.deep.equal([])
            expect(commandsOf(events)).to.deep.equal(
              [
                'QueryValidPaths',
                'QueryPathInfos',
                'DumpStorePath',
                'ImportPaths',
                ...(removed ? [] : ['ExportPaths']),
                'BuildPaths',
                'BuildPaths',
                'QueryClosure',
                ...(derivation ? ['BuildDerivation'] : []),
                ...(minor < 5 ? [] : ['AddToStoreNar']),
              ].map((name) => `${name} done`),
            )
            const values = (key: string) =>
              events.flatMap((event) => (event.kind === 'said' && event.key === key ? [event.value] : []))
            expect(values('status')[0]).to.equal(0)
            expect(values('status')[1]).not.to.equal(0)
            expect(
              values('reply').map((reply) => (reply as { readonly status?: string } | undefined)?.status),
            ).to.include.members(derivation ? ['AlreadyValid'] : [])
            expect(values('info')[0]).to.deep.include({ narSize: BigInt(archive.length) })
            expect(linesOf(events).at(-1)).to.equal('end done, left 0 0')
          }
        } finally {
          await store.remove()
        }
      })

      it('closes without a reply if it cannot do a command', async () => {
        const store = await NixStore.create(release)
        try {
          const missing = `${store.storeDir}/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo`
          const client = concat(int(0x390c9deb), int(0x207), int(3), padded(missing))
          const server = await answersTo(store, client, 1)
          const [issue] = issuesIn(heard({ client, server }, store.storeDir))
          expect(issue).to.deep.include({ kind: 'issue', side: 'server', fatal: true })
          expect(issue?.kind === 'issue' && issue.issue._tag).to.equal('UnexpectedEnd')
          expect(issue?.kind === 'issue' && issue.issue.path).to.deep.equal(['download'])
        } finally {
          await store.remove()
        }
      })
    })
  }
})
