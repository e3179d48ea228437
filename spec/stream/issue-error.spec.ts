import { expect } from 'chai'
import { bytesOf } from '../../bytes/hex.js'
import { catchIssue, IssueError, narEvents } from '../../stream/index.js'
import { issueOf } from '../support/either.js'

describe('catchIssue', () => {
  const failing = (thrown: unknown) => catchIssue(() => Promise.reject(thrown))

  it('has what the function returns on the right', async () => {
    expect(await catchIssue(async () => 7)()).to.deep.equal({ _tag: 'Right', right: 7 })
  })

  it('has the issue of an error on the left, such as that of a loop over events', async () => {
    const task = catchIssue(async () => {
      for await (const event of narEvents([bytesOf('0700000000000000')])) {
        expect.fail(event._tag)
      }
    })
    const issue = issueOf(await task())
    expect(issue).to.include({ _tag: 'UnexpectedEnd', offset: 0 })
    expect(issueOf(await failing(new IssueError(issue))())).to.equal(issue)
  })

  it('passes on every other error', async () => {
    const full = new Error('the disk is full')
    const thrown: unknown = await failing(full)().catch((error: unknown) => error)
    expect(thrown).to.equal(full)
  })

  it('does nothing before it is called, and throws at once for no function', async () => {
    let calls = 0
    const task = catchIssue(async () => ++calls)
    expect(calls).to.equal(0)
    await task()
    await task()
    expect(calls).to.equal(2)
    expect(() => catchIssue(7 as never)).to.throw(TypeError, 'what catchIssue runs')
  })
})
