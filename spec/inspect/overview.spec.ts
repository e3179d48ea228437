import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import fc from 'fast-check'
import { Engine } from '../../inspect/engine/engine.js'
import { barsOf, stripWidth } from '../../inspect/engine/strip.js'
import { readCapture } from '../../inspect/input/captures.js'
import { ScriptedSession, somePath } from '../support/scripted-session.js'
import { projectPath } from '../support/shared.js'
import { int, padded } from '../support/wire.js'

const settings = { type: '', version: '1.38', features: [], storeDir: '', canonical: false } as const

const overviewOf = (input: Parameters<Engine['load']>[0]) => {
  const loaded = new Engine(Number.POSITIVE_INFINITY).load(input, settings)
  if (loaded._tag === 'Refused' || loaded.overview === null) {
    throw new Error('there is no overview')
  }
  return loaded.overview
}

describe('the strip over a session', () => {
  it('shows all operations, with as many bars as there are columns', () => {
    const count = 5000
    const start = new ScriptedSession({ version: '1.38' }).bytes
    const question = Buffer.concat([int(1), padded(somePath)])
    // A log without messages, and true.
    const answer = Buffer.concat([int(0x616c7473), int(1)])
    const failed = new ScriptedSession({ version: '1.38' })
      .error('no')
      .bytes.server.subarray(start.server.length)
    const overview = overviewOf({
      kind: 'session',
      moments: null,
      client: Buffer.concat([start.client, ...Array<Uint8Array>(count).fill(question)]),
      server: Buffer.concat([
        start.server,
        ...Array.from({ length: count }, (_, i) => (i === 4321 ? failed : answer)),
      ]),
    })
    expect(overview).to.deep.include({ operations: count, failed: 1, duration: null })
    expect(overview.names).to.deep.equal([['IsValidPath', count]])
    for (const { bars } of overview.lines) {
      expect(bars.reduce((sum, bar) => sum + bar.count, 0)).to.equal(count + 1)
      expect(bars.length).to.be.within(stripWidth / 2, 2 * stripWidth)
      // One failure among many is visible.
      expect(bars.filter(({ tone }) => tone === 'wrong').map(({ index }) => index)).to.deep.equal([4322])
    }
  })

  it('shows each stretch in the bar of its place', () => {
    const stretches = fc.array(fc.tuple(fc.nat(10_000), fc.nat(100)), { maxLength: 300 }).map((gaps) => {
      let at = 0
      return gaps.map(([gap, size], index) => {
        const start = at + gap
        at = start + size
        return { start, end: at, index, tone: 'good' as const, name: '' }
      })
    })
    fc.assert(
      fc.property(stretches, (all) => {
        const length = all.at(-1)?.end ?? 0
        const bars = barsOf(all, length)
        expect(bars.reduce((sum, { count }) => sum + count, 0)).to.equal(all.length)
        for (const { from, to } of bars) {
          expect(from).to.be.at.least(0)
          expect(to).to.be.at.most(stripWidth + 1e-6)
        }
        for (const { start, end } of all) {
          const middle =
            length === 0 ? 0 : Math.min(stripWidth - 0.5, ((start + end) / 2 / length) * stripWidth)
          expect(bars.some(({ from, to }) => from <= middle && middle <= to)).to.equal(true)
        }
      }),
    )
  })

  it('shows for a recording with times how long each operation took, and which side kept the other waiting', () => {
    const [connection] = readCapture(readFileSync(projectPath('examples/sessions/pot.pcapng'))).connections
    const { lines, duration } = overviewOf({ kind: 'session', ...connection })
    expect(lines.map(({ of }) => of)).to.deep.equal([
      'client',
      'server',
      'operations',
      'awaited server',
      'awaited client',
    ])
    expect(duration).to.be.greaterThan(45_000)
    const [, , operations, server, client] = lines.map(({ bars }) => bars)
    // The build is pending up to the end, and the daemon is the side that it waits for.
    const longest = (bars: typeof operations) =>
      [...(bars ?? [])].sort((a, b) => b.to - b.from - (a.to - a.from))[0]
    for (const bars of [operations, server]) {
      expect(longest(bars)).to.include({ name: 'BuildPaths' })
      expect(longest(bars)?.to).to.be.closeTo(stripWidth, 1)
    }
    expect(longest(operations)?.tone).to.equal('note')
    expect((longest(client)?.to ?? 0) - (longest(client)?.from ?? 0)).to.be.below(stripWidth / 10)
  })
})
