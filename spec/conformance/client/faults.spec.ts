import { expect } from 'chai'
import type { ClientUnderTest } from '../../../conformance/client/index.js'
import { faults } from './faults.js'
import { runOn, smallClient } from './small-client.js'

const failing = (results: Awaited<ReturnType<typeof runOn>>['results']) =>
  results
    .filter(({ verdict }) => verdict === 'failed')
    .map(({ id, outcome, detail }) => ({ id, outcome, detail }))

describe('conformance of clients', () => {
  it('passes one without a mistake, at every version', async () => {
    const { results, version, stopped } = await runOn(smallClient(), { ways: 12 })
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

  for (const { what, tries, ...mistakes } of faults) {
    it(`finds that ${what}`, async () => {
      const { results } = await runOn(smallClient(mistakes), { only: [tries], ways: 12, oldest: '1.38' })
      const found = failing(results)
      expect(found.map(({ outcome }) => outcome)).to.include('takes')
    })
  }

  it('finds one that does not end, and one that a signal ends', async () => {
    const usual = smallClient()
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

  it('knows what is listed, and what is listed and passes', async () => {
    const id = '2.IsValidPath.reply@1.38.nothing-behind-it'
    const options = { only: [id], oldest: '1.38', expected: new Set([id]) } as const
    const [right] = (await runOn(smallClient(), options)).results
    expect(right?.verdict).to.equal('failed')
    const wrong = faults.find(({ tries }) => tries === id)
    const [known] = (await runOn(smallClient(wrong), options)).results
    expect(known?.verdict).to.equal('known')
    expect(known?.sent).not.to.deep.equal([])
  })
})
