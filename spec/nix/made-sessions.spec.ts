import { connect } from 'node:net'
import { expect } from 'chai'
import fc from 'fast-check'
import { workerSessions } from '../../cli/sample/worker-sessions.js'
import { toSessions } from '../../laws/index.js'
import { linesOf, play } from '../conversation/tape.js'
import { worker } from '../interpreters/conversations/sessions.js'
import { describeWithNix, type NixDaemon, startNixDaemon } from '../support/nix-daemon.js'

/** What only reads the store. */
const harmless = [
  'IsValidPath',
  'QueryAllValidPaths',
  'QueryPathInfo',
  'QueryValidPaths',
  'QueryReferrers',
  'QueryPathFromHashPart',
  'QueryAllValidPaths',
]

/** Sends all to a daemon, and gives all that it says until it closes. */
const answered = (socket: string, bytes: Uint8Array): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const chunks: Array<Buffer> = []
    const line = connect(socket, () => {
      line.end(bytes)
    })
    line.on('data', (chunk: Buffer) => chunks.push(chunk))
    line.on('error', reject)
    line.on('end', () => resolve(Buffer.concat(chunks)))
  })

describeWithNix('a daemon of Nix that is sent generated sessions', () => {
  let daemon: NixDaemon
  before(async () => {
    daemon = await startNixDaemon()
  })
  after(() => daemon.stop())

  it('answers without an issue', async () => {
    const { storeDir, socket } = daemon
    let answers = 0
    for (const version of ['1.34', '1.28', '1.21', '1.18'] as const) {
      const sessions = toSessions(worker, {
        ...workerSessions,
        protocol: { storeDir },
        agreed: { version, features: [] },
        // The daemon has a higher version, so the client's is agreed on.
        words: { version: fc.constant(version) },
        turns: harmless,
        departs: false,
      })
      for (const { client, events } of fc.sample(sessions, { seed: 1, numRuns: 5 })) {
        if (!events.some(({ kind }) => kind === 'turn')) {
          continue
        }
        const server = await answered(socket, client)
        const told = play({ flow: worker, client, server }, undefined, { protocol: { storeDir } })
        expect(
          told.filter(({ kind }) => kind === 'issue'),
          linesOf(told).join('\n'),
        ).to.deep.equal([])
        const turns = told.flatMap((event) =>
          event.kind === 'turn' && event.is === 'over' ? [event.chosen] : [],
        )
        expect(turns).to.deep.equal(harmless)
        answers++
      }
    }
    expect(answers).to.be.above(0)
  })
})
