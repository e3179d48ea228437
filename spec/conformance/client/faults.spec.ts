import { expect } from 'chai'
import type { ClientUnderTest } from '../../../conformance/client/index.js'
import { connect } from '../../../daemon/index.js'
import { type CopiedClient, copiedClient } from './copied-client.js'
import { faults, planted } from './faults.js'
import { ourClient, runOn } from './our-client.js'

const failing = (results: Awaited<ReturnType<typeof runOn>>['results']) =>
  results
    .filter(({ verdict }) => verdict === 'failed')
    .map(({ id, outcome, detail }) => ({ id, outcome, detail }))

describe('the conformance test of clients', () => {
  it('passes our own client, at every version', async () => {
    const { results, version, stopped } = await runOn(ourClient(connect), { ways: 12 })
    expect(failing(results)).to.deep.equal([])
    expect(version).to.equal('1.38')
    expect(stopped).to.equal(null)
    expect(results.filter(({ section, verdict }) => section === 1 && verdict === 'passed').length).to.equal(
      29,
    )
    const names = results.map(({ id }) => id)
    expect(new Set(names).size).to.equal(names.length)
    for (const { tries } of faults) {
      expect(
        results.some(({ id, verdict }) => id.startsWith(tries) && verdict === 'passed'),
        tries,
      ).to.equal(true)
    }
  })

  describe('with a copy of our client that makes a mistake', () => {
    let copy: CopiedClient | undefined

    before(async () => {
      copy = await copiedClient()
    })
    after(() => copy?.remove())

    for (const fault of faults) {
      it(`finds that ${fault.what}`, async () => {
        const mistaken = copy ?? expect.fail('there is no copy')
        await planted(mistaken, fault)
        const { results } = await runOn(ourClient(mistaken.connect), {
          only: [fault.tries],
          ways: 12,
          oldest: '1.38',
        })
        expect(failing(results).map(({ outcome }) => outcome)).to.include('takes')
      })
    }
  })

  it('finds a client that does not end, and one that a signal ends', async () => {
    const usual = ourClient(connect)
    const sick = (how: ClientUnderTest['run']): ClientUnderTest => {
      let runs = 0
      return { run: (...given) => (runs++ === 0 ? usual.run(...given) : how(...given)) }
    }
    const only = ['2.IsValidPath.reply@1.38.nothing']
    const hanging = sick(
      (_serve, _known, signal) =>
        new Promise((resolve) =>
          signal.addEventListener('abort', () => resolve({ code: null, signal: 'SIGKILL', said: '' })),
        ),
    )
    const options = { only, oldest: '1.38' } as const
    expect((await runOn(hanging, options)).results.map(({ outcome }) => outcome)).to.deep.equal(['hangs'])
    for (const end of [
      { code: null, signal: 'SIGSEGV' },
      { code: 139, signal: null },
    ]) {
      const crashing = sick(async () => ({ ...end, said: '' }))
      const { results } = await runOn(crashing, options)
      expect(results.map(({ outcome, detail }) => [outcome, detail])).to.deep.equal([
        ['crashes', 'it was ended by SIGSEGV'],
      ])
    }
  })

  it('reports expected failures, and expected failures that passed', async () => {
    const id = '4.error@1.38'
    const options = { only: [id], oldest: '1.38', expected: new Set([id]), ways: 1 } as const
    const [right] = (await runOn(ourClient(connect), options)).results
    expect(right?.verdict).to.equal('failed')
    const usual = ourClient(connect)
    const content: ClientUnderTest = {
      run: async (...given) => ({ ...(await usual.run(...given)), code: 0 }),
    }
    const [known] = (await runOn(content, options)).results
    expect(known?.verdict).to.equal('known')
    expect(known?.sent).not.to.deep.equal([])
  })
})
