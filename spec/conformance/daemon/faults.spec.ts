import { expect } from 'chai'
import { signalIn } from '../../../conformance/daemon/judge.js'
import { faults } from './faults.js'
import { runOnOurs } from './subject.js'

describe('the conformance test of servers with a mistake', () => {
  for (const { what, tries, ...subject } of faults) {
    it(`finds that ${what}`, async () => {
      const { results } = await runOnOurs(subject, { only: [tries], ways: 4 })
      expect(results.filter(({ verdict }) => verdict === 'failed').map(({ id }) => id)).not.to.deep.equal([])
    })
  }

  for (const trusted of [true, false]) {
    it(`passes a server without a mistake in the same cases, for a client that it ${trusted ? 'trusts' : 'does not trust'}`, async () => {
      const own = faults.filter(({ options }) => (options?.trusted ?? true) === trusted)
      const only = [...new Set(own.map(({ tries }) => tries))]
      const { results } = await runOnOurs({ options: { trusted } }, { only, ways: 4 })
      expect(results.filter(({ verdict }) => verdict === 'failed')).to.deep.equal([])
      for (const start of only) {
        expect(
          results.some(({ id, verdict }) => id.startsWith(start) && verdict === 'passed'),
          start,
        ).to.equal(true)
      }
    })
  }

  it('finds a server that does not answer', async () => {
    const { results } = await runOnOurs(
      {
        handlers: (own) => ({
          ...own,
          FindRoots: (_: unknown, { signal }: { readonly signal: AbortSignal }) =>
            new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
        }),
      },
      { only: ['3.FindRoots@1.38'] },
    )
    expect(results.map(({ outcome }) => outcome)).to.include('hangs')
  })

  it('names the signal that ended a program', () => {
    expect(signalIn('nix-daemon exited with code 139')).to.equal('SIGSEGV')
    expect(signalIn('nix-daemon exited with code 134')).to.equal('SIGABRT')
    // The end of its input, and of a pipe without a reader, are not signals.
    expect(signalIn('nix-daemon exited with code 141')).to.equal(null)
    expect(signalIn('nix-daemon exited with code 1')).to.equal(null)
    expect(signalIn(null)).to.equal(null)
  })
})
