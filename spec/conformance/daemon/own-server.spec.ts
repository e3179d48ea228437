import { expect } from 'chai'
import { daemonReport, recordingOf, sectionNumbers } from '../../../conformance/daemon/index.js'
import { conformanceJunit } from '../../../conformance/report/index.js'
import { RecordingReader } from '../../../session/recording/recording-reader.js'
import { runOnOurs, without } from './subject.js'

describe('the conformance test of our own server', () => {
  it('passes all cases, at every level', async () => {
    const { results, facts, stopped } = await runOnOurs({}, { ways: 2 })
    expect(results.filter(({ verdict }) => verdict === 'failed' || verdict === 'known')).to.deep.equal([])
    expect(stopped).to.equal(null)
    const names = results.map(({ id }) => id)
    expect(new Set(names).size).to.equal(names.length)
    expect(facts.newest).to.equal('1.38')
    for (const section of sectionNumbers) {
      expect(
        results.filter((each) => each.section === section && each.verdict === 'passed'),
      ).not.to.deep.equal([])
    }
    const left = new Set(
      results
        .filter(({ verdict, section }) => verdict === 'skipped' && section === 3)
        .map(({ title }) => title.split(',')[0]),
    )
    expect([...left].filter((name) => !without.includes(name as never))).to.deep.equal([])
  })

  it('passes for untrusted clients, whose forbidden operations have no effect', async () => {
    const { results, facts } = await runOnOurs({ options: { trusted: false } }, { only: ['4.untrusted'] })
    expect(facts.trusts).to.equal(false)
    expect(results.filter(({ verdict }) => verdict === 'failed')).to.deep.equal([])
    expect(
      results.filter(({ verdict }) => verdict === 'passed').map(({ id }) => id.replace('4.untrusted.', '')),
    ).to.deep.equal(['VerifyStore', 'FindRoots', 'AddToStoreNar', 'AddMultipleToStore', 'QueryPathInfo'])
  })

  it('changes nothing in the store at the level read', async () => {
    const changed: Array<string> = []
    const reading = await runOnOurs(
      {
        handlers: (own) => {
          const noted = [
            'AddTextToStore',
            'AddToStore',
            'AddToStoreNar',
            'AddTempRoot',
            'CollectGarbage',
            'AddSignatures',
            'OptimiseStore',
            'VerifyStore',
          ]
          return {
            ...own,
            ...Object.fromEntries(
              noted.map((name) => [
                name,
                (...given: ReadonlyArray<never>) => {
                  changed.push(name)
                  return (own[name as 'AddTempRoot'] as (...all: ReadonlyArray<never>) => unknown)(...given)
                },
              ]),
            ),
          }
        },
      },
      { level: 'read', ways: 2 },
    )
    expect(changed).to.deep.equal([])
    expect(reading.results.some(({ verdict }) => verdict === 'failed')).to.equal(false)
    expect(reading.results.length).to.be.above(100)
  })

  it('runs only the named cases, and ends on request', async () => {
    const over = new AbortController()
    const { results } = await runOnOurs({}, { only: ['1.version.1.3'] })
    expect(results.map(({ id }) => id.slice(0, 13))).to.include('1.version.1.3')
    expect(results.every(({ id }) => id.startsWith('1.version.1.3'))).to.equal(true)
    const { stopped } = await runOnOurs(
      {},
      { sections: [1], signal: over.signal, onResult: () => over.abort() },
    )
    expect(stopped).to.equal('it was asked to end')
  })

  it('leaves a recording of each failure, and a report', async () => {
    const run = await runOnOurs(
      { handlers: (own) => ({ ...own, IsValidPath: () => true }) },
      { only: ['3.IsValidPath@1.38.of-none'] },
    )
    const [result] = run.results
    expect(result?.verdict).to.equal('failed')
    const reader = new RecordingReader()
    const steps = reader.push(recordingOf(result!))
    expect(steps.map((step) => step.kind)).to.include.members(['bytes', 'end'])
    const report = daemonReport(run, 'a server', () => ['again'])
    expect(report.results[0]).to.deep.include({
      id: '3.IsValidPath@1.38.of-none',
      verdict: 'failed',
      details: ['again'],
    })
    expect(conformanceJunit(report)).to.contain('3.IsValidPath@1.38.of-none')
  })
})
