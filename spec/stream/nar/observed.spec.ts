import { expect } from 'chai'
import fc from 'fast-check'
import { isLeft } from 'fp-ts/lib/Either.js'
import type { Issue } from '../../../combinators/issue.js'
import { Nar } from '../../../grammar/nar.js'
import { dissect } from '../../../interpreters/dissect/index.js'
import { toMalformed } from '../../../interpreters/malformed/index.js'
import { toArbitrary } from '../../../laws/index.js'
import { archive, directory, file, parse, words } from '../../support/nar.js'

const heardIn = (bytes: Uint8Array, sizes: ReadonlyArray<number> = [bytes.length]) => {
  const issues: Array<Issue> = []
  const parsed = parse(bytes, sizes, { onIssue: (issue) => issues.push(issue) })
  return { ...parsed, issues }
}

const link = (target: string): Buffer => words('(', 'type', 'symlink', 'target', target, ')')

/** The bytes with another last byte of what `words` makes of a text. */
const padded = (bytes: Buffer, text: string): Buffer => {
  const changed = Buffer.from(bytes)
  changed[bytes.lastIndexOf(words(text)) + words(text).length - 1] = 7
  return changed
}

interface Case {
  readonly bytes: Buffer
  /** Tag and offset. */
  readonly issues: ReadonlyArray<readonly [Issue['_tag'], number]>
}

const at = (bytes: Buffer, text: string): number => bytes.lastIndexOf(words(text))

const cases = (): { readonly [name: string]: Case } => {
  const disorder = archive(directory(['b', file('')], ['a', link('t')], ['c', file('x')]))
  const twice = archive(directory(['a', file('')], ['a', file('')]))
  const name = archive(directory(['a/b', directory(['..', file('hello')])]))
  const target = archive(directory(['a', link('x\0y')], ['b', link('')]))
  const contents = padded(archive(file('hello')), 'hello')
  const word = padded(archive(file('')), 'type')
  return {
    'entries out of order': { bytes: disorder, issues: [['NotCanonical', at(disorder, 'a')]] },
    'an entry twice': { bytes: twice, issues: [['DuplicateKey', at(twice, 'a')]] },
    'names that are none': {
      bytes: name,
      issues: [
        ['InvalidValue', at(name, 'a/b') + 8],
        ['InvalidValue', at(name, '..') + 8],
      ],
    },
    'targets that are none': {
      bytes: target,
      issues: [
        ['InvalidValue', at(target, 'x\0y') + 8],
        ['InvalidValue', target.lastIndexOf(words('target', '')) + words('target').length + 8],
      ],
    },
    'padding of contents': {
      bytes: contents,
      issues: [['NonZeroPadding', at(archive(file('hello')), 'hello') + 15]],
    },
    'padding of a word': { bytes: word, issues: [['NonZeroPadding', at(archive(file('')), 'type') + 15]] },
  }
}

describe('an archive that is observed', () => {
  for (const [name, { bytes, issues }] of Object.entries(cases())) {
    it(`is read on after ${name}, however it is cut`, () => {
      const whole = heardIn(bytes)
      expect(whole.issue).to.equal(null)
      for (const sizes of [[1], [3], [8], [61], [bytes.length]]) {
        const heard = heardIn(bytes, sizes)
        expect(heard.issue).to.equal(null)
        expect(heard.issues.map(({ _tag, offset }) => [_tag, offset])).to.deep.equal(issues)
        expect(heard.issues).to.deep.equal(whole.issues)
        expect(heard.events).to.deep.equal(whole.events)
      }
      expect(parse(bytes).issue?._tag).to.equal(issues[0]?.[0])
    })
  }

  it('is rejected where the place is lost, after the events before it', () => {
    const node = directory(['b', file('')], ['a', words('(', 'type', 'socket', ')')])
    const { issue, issues } = heardIn(archive(node))
    expect(issues.map(({ _tag }) => _tag)).to.deep.equal(['NotCanonical'])
    expect(issue?._tag).to.equal('UnknownTag')
  })

  it('has the same issues as in the dissector, except for keywords, which decide what comes next', () => {
    const values = fc.sample(toArbitrary(Nar), { numRuns: 40, seed: 11 })
    let compared = 0
    for (const { bytes, rule } of toMalformed(Nar).sample(values, 11)) {
      const { tree, issues, result } = dissect(Nar, {}, bytes)
      const isWord = issues.some(({ _tag }) => _tag === 'UnexpectedValue')
      if (tree?.complete === true && isLeft(result) && !isWord) {
        const [found] = issues
        const heard = heardIn(bytes)
        expect(heard.issue, rule).to.equal(null)
        if (found?._tag === 'TrailingBytes') {
          // Bytes after an archive do not belong to it.
          expect([heard.issues, heard.end], rule).to.deep.equal([[], found.offset])
        } else if (found?.path.at(-1) === 'entries') {
          // For entries in another order, the grammar names all, the parser the first wrong one.
          expect(heard.issues[0]?._tag, rule).to.be.oneOf(['NotCanonical', 'DuplicateKey'])
          expect(heard.issues[0]?.offset, rule).to.be.within(found.offset, bytes.length)
        } else {
          compared++
          expect(heard.issues[0], rule).to.include({ _tag: found?._tag, offset: found?.offset })
        }
      }
    }
    expect(compared).to.be.greaterThan(3)
  })
})
