import { readdirSync, readFileSync } from 'node:fs'
import { expect } from 'chai'
import { after as callAfter } from '../../bytes/after.js'
import { suiteClock } from '../support/clock.js'
import { projectPath } from '../support/shared.js'
import { turns } from '../support/waiting.js'

const folders = [
  'bytes',
  'cli',
  'combinators',
  'conformance',
  'conversation',
  'daemon',
  'fuzz',
  'serve',
  'session',
  'stream',
]

/** Timers that give nothing up: what comes late is taken nonetheless, or was asked to end before. */
const others: ReadonlyArray<readonly [file: string, why: string]> = [
  ['bytes/after.ts', 'is the one'],
  ['cli/session/growth.ts', 'looks at a file again'],
  ['daemon/command-transport.ts', 'a program that is to end'],
  ['daemon/proxy/recorder.ts', 'gathers what is written to a file'],
  ['daemon/sockets.ts', 'tries to connect once more'],
  ['fuzz/adapter/adapter.ts', 'a program that is to end'],
  ['fuzz/clock.ts', 'how long to go on'],
]

describe('after', () => {
  const clock = suiteClock()

  it('calls once, when the time is over', async () => {
    const called: Array<string> = []
    callAfter(10, () => called.push('10'))
    callAfter(20, () => called.push('20'))
    clock.pass(10)
    await turns()
    expect(called).to.deep.equal(['10'])
    clock.pass(10)
    await turns()
    expect(called).to.deep.equal(['10', '20'])
  })

  it('lets a program that was busy read first, which may cancel it', async () => {
    const called: Array<string> = []
    const stop = callAfter(10, () => called.push('late'))
    clock.pass(10)
    stop()
    await turns()
    expect(called).to.deep.equal([])
  })

  it('never calls after an infinite time', async () => {
    callAfter(Number.POSITIVE_INFINITY, () => expect.fail('called'))
    expect(clock.waiting).to.equal(0)
  })

  it('is the timer of everything that is given up', () => {
    const found = folders.flatMap((folder) =>
      readdirSync(projectPath(folder), { recursive: true, encoding: 'utf8' })
        .map((name) => `${folder}/${name}`)
        .filter((name) => name.endsWith('.ts'))
        .filter((name) => /\bsetTimeout\b|\bscheduler\b/.test(readFileSync(projectPath(name), 'utf8'))),
    )
    expect(found).to.have.members(others.map(([file]) => file))
  })
})
