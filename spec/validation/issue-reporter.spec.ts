import { expect } from 'chai'
import * as t from 'io-ts'
import { PathReporter } from 'io-ts/lib/PathReporter.js'
import { StorePath } from '../../types/index.js'
import { issueReporter } from '../../validation/index.js'

const Request = t.type({ path: StorePath, size: t.bigint, tags: t.array(t.string) })

describe('issueReporter', () => {
  it('names the field, also for a bigint, at which PathReporter throws', () => {
    const refused = t.type({ size: t.string }).decode({ size: 7n })
    expect(() => PathReporter.report(refused)).to.throw(TypeError)
    expect(issueReporter.report(refused)).to.deep.equal(['size: expected string, got 7'])
  })

  it('has a line for each error, and none for a value', () => {
    const refused = Request.decode({ path: '/etc', size: 'x', tags: ['a', 1] })
    expect(issueReporter.report(refused)).to.deep.equal([
      'path: expected a path in /nix/store at position 1, got "etc"',
      'size: expected bigint, got "x"',
      'tags[1]: expected string, got 1',
    ])
    expect(issueReporter.report(t.string.decode('tea'))).to.deep.equal([])
    expect(issueReporter.report(t.string.decode(5))).to.deep.equal(['(top level): expected string, got 5'])
  })

  it('escapes characters that move a cursor', () => {
    const hostile = '\u001b[2J\u202e'
    const Record = t.record(t.string, t.string)
    const lines = [
      ...issueReporter.report(Record.decode({ [hostile]: 1 })),
      ...issueReporter.report(StorePath.decode(`/${hostile}`)),
      ...issueReporter.report(t.number.decode(hostile)),
    ]
    expect(lines).to.have.lengthOf(3)
    expect(lines.join('')).not.to.match(/[\p{Cc}\p{Cf}]/u)
  })

  it('shortens a large value', () => {
    const [line = ''] = issueReporter.report(t.number.decode('x'.repeat(100_000)))
    expect(line.length).to.be.below(200)
  })
})
