import { readdirSync, readFileSync } from 'node:fs'
import { expect } from 'chai'
import fc from 'fast-check'
import { Nar } from '../../../grammar/nar.js'
import { compile } from '../../../interpreters/index.js'
import { type NarEvent, NarParser } from '../../../stream/nar/index.js'
import { copiedIn } from '../../support/copies.js'
import { rightOf } from '../../support/either.js'
import {
  archive,
  chunkSizes,
  cut,
  directory,
  eventsOf,
  file,
  narNode,
  parse,
  u64le,
  words,
} from '../../support/nar.js'
import { describeWithShared, sharedPath } from '../../support/shared.js'

/** tag, offset, first wrong byte, and what the text must say. */
const refusals: { readonly [name: string]: readonly [string, number, number, RegExp] } = {
  'dot.nar': ['InvalidValue', 136, 136, /entry name.*not "\." or "\.\."/],
  'dotdot.nar': ['InvalidValue', 136, 136, /entry name.*not "\." or "\.\."/],
  'empty.nar': ['InvalidValue', 136, 128, /entry name: not empty/],
  'executable-after-contents.nar': ['UnexpectedValue', 240, 240, /"\)" \(the node ends\)/],
  'invalid-tag-instead-of-contents.nar': ['UnknownTag', 72, 80, /"executable" or "contents"/],
  'name-after-node.nar': ['UnexpectedValue', 112, 121, /"name" \(the first field of an entry\)/],
  'nul-character.nar': ['InvalidValue', 136, 137, /entry name.*without "\/" and NUL/],
  'regular-one-byte-non-zero-padding.nar': [
    'NonZeroPadding',
    97,
    97,
    /a zero byte \(the padding of contents\)/,
  ],
  'regular-truncated-large-contents.nar': [
    'OutOfRange',
    88,
    88,
    /contents of at most 9007199254740991 bytes/,
  ],
  'regular-truncated-padding.nar': ['UnexpectedEnd', 88, 100, /16 bytes \(contents\)/],
  'slash.nar': ['InvalidValue', 136, 137, /entry name.*without "\/" and NUL/],
}

describeWithShared('the event parser and the archives of the reference implementation', () => {
  const good = 'regular-one-byte-zero-padding.nar'

  it('are complete', () => {
    expect(readdirSync(sharedPath('golden/nars')).sort()).to.deep.equal(
      [...Object.keys(refusals), good].sort(),
    )
  })

  for (const [name, [tag, offset, wrongByte, rule]] of Object.entries(refusals)) {
    it(`rejects ${name}, however it is cut`, () => {
      const bytes = readFileSync(sharedPath('golden/nars', name))
      for (const size of [1, 3, 8, 64, 1000]) {
        const parsed = parse(bytes, [size])
        expect(parsed.issue).to.include({ _tag: tag, offset })
        expect(parsed.issue?.expected).to.match(rule)
        expect(parsed.wrongByte).to.equal(wrongByte)
      }
    })
  }

  it(`reads ${good}`, () => {
    const bytes = readFileSync(sharedPath('golden/nars', good))
    expect(parse(bytes)).to.deep.equal({
      events: [
        { _tag: 'regular', executable: false, size: 1 },
        { _tag: 'contents', bytes: Buffer.from('x') },
      ],
      issue: null,
      wrongByte: undefined,
      end: 120,
    })
  })
})

describe('the event parser', () => {
  const codec = compile(Nar)

  it('returns the events of every archive, however it is cut', () => {
    fc.assert(
      fc.property(narNode, chunkSizes, (root, sizes) => {
        const bytes = rightOf(codec.encode({ root }))
        const { events, issue, end } = parse(bytes, sizes)
        expect(issue).to.equal(null)
        expect(events).to.deep.equal(eventsOf(root))
        expect(end).to.equal(bytes.length)
      }),
    )
  })

  it('rejects a changed byte like the grammar, or has other events', () => {
    fc.assert(
      fc.property(
        narNode,
        chunkSizes,
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (root, sizes, place, flip) => {
          const bytes = rightOf(codec.encode({ root })).slice()
          const at = place % bytes.length
          bytes[at]! ^= flip
          const whole = codec.decodeAt(bytes, 0)
          const parsed = parse(bytes, sizes)
          expect(parsed).to.deep.equal(parse(bytes))
          if (whole._tag === 'Right') {
            expect(parsed.issue).to.equal(null)
            expect(parsed.events).to.deep.equal(eventsOf(whole.right.value.root))
            return
          }
          expect(parsed.issue).not.to.equal(null)
          const { _tag, offset } = whole.left
          if (parsed.issue?._tag === 'NotCanonical' || parsed.issue?._tag === 'DuplicateKey') {
            // The grammar checks the order after it has read the directory; another issue may come first there.
            return
          }
          if (_tag === 'LimitExceeded' && whole.left.maximum > 4095) {
            // A value has a limit on the length of contents that events do not have.
            expect(['UnexpectedEnd', 'OutOfRange']).to.include(parsed.issue?._tag)
            return
          }
          expect(parsed.issue).to.include({ _tag, offset })
          // Everything before the wrong byte is unchanged.
          expect(parsed.wrongByte).to.be.at.least(Math.min(at, offset))
        },
      ),
      { numRuns: 1000 },
    )
  })

  it('reports every cut, like the grammar', () => {
    const root = file('hello')
    const bytes = archive(directory(['a', root], ['b', words('(', 'type', 'symlink', 'target', 'x', ')')]))
    for (let length = 0; length < bytes.length; length++) {
      const whole = codec.decode(bytes.subarray(0, length))
      const { issue, wrongByte } = parse(bytes.subarray(0, length), [7])
      expect(issue).to.include({ _tag: 'UnexpectedEnd' })
      expect(wrongByte).to.equal(length)
      if (whole._tag === 'Left' && whole.left._tag === 'UnexpectedEnd') {
        expect(issue).to.include({ offset: whole.left.offset, missing: whole.left.missing })
      }
    }
  })

  it('ends with the archive, and leaves the rest', () => {
    const bytes = Buffer.concat([archive(file('hello')), Buffer.from('rest')])
    for (const size of [1, 5, 8, 1000]) {
      const parser = new NarParser({ offset: 1000 })
      let rest = Buffer.alloc(0)
      for (const chunk of cut(bytes, [size])) {
        const step = parser.push(chunk)
        if (step._tag === 'end') {
          rest = Buffer.concat([rest, step.rest])
        }
      }
      expect(rest.toString()).to.equal('rest')
      expect(parser.offset).to.equal(1000 + bytes.length - 4)
      expect(parser.finish()).to.equal(null)
    }
  })

  it('returns contents as views of the chunk', () => {
    const bytes = archive(file(Buffer.alloc(5000, 'x')))
    const step = new NarParser().push(bytes)
    const [, contents] = step.events as ReadonlyArray<Extract<NarEvent, { _tag: 'contents' }>>
    expect(contents?.bytes.buffer).to.equal(bytes.buffer)
    expect(contents?.bytes.byteOffset).to.equal(bytes.byteOffset + 96)
  })

  it('copies only primitives that are cut by the end of a chunk, one at a time', () => {
    const nar = archive(
      directory(
        ...Array.from({ length: 100 }, (_, i) => [`file-${100 + i}`, file(Buffer.alloc(5000))] as const),
      ),
    )
    for (const size of [500, 4096, 65_536]) {
      const chunks = cut(nar, [size])
      const parser = new NarParser()
      const copied = copiedIn(() => {
        for (const chunk of chunks) {
          parser.push(chunk)
        }
      })
      expect(parser.finish()).to.equal(null)
      // The longest primitive has 24 bytes, which are copied when they are cut and joined, and moved once.
      expect(copied).to.be.at.most(3 * 24 * chunks.length)
    }
  })

  const refuse = (
    bytes: Uint8Array,
    tag: string,
    offset: number,
    expected: RegExp,
    path: ReadonlyArray<string> = [],
  ) => {
    for (const size of [1, 8, bytes.length]) {
      const { issue } = parse(bytes, [size])
      expect(issue).to.deep.include({ _tag: tag, offset, path, grammar: 'Nar' })
      expect(issue?.expected).to.match(expected)
    }
    return parse(bytes)
  }

  it('rejects another magic', () => {
    refuse(words('nix-archive-2'), 'UnexpectedValue', 0, /"nix-archive-1" \(the magic of a NAR\)/)
    refuse(Buffer.from('HTTP/1.1 400 Bad'), 'LimitExceeded', 0, /a word of at most 32 bytes/)
  })

  it('rejects entries out of order, and twice', () => {
    const bytes = archive(directory(['b', file('')], ['a', file('')]))
    const at = bytes.lastIndexOf(words('a'))
    expect(
      refuse(bytes, 'NotCanonical', at, /an entry name after "b", in the order of their bytes/).wrongByte,
    ).to.equal(at + 8)
    const twice = archive(directory(['a', file('')], ['a', file('')]))
    refuse(twice, 'DuplicateKey', twice.lastIndexOf(words('a')), /each entry name once/)
    expect(parse(bytes, [5], { lenient: { unsorted: true } }).issue).to.equal(null)
    expect(parse(twice, [5], { lenient: { unsorted: true } }).issue).to.equal(null)
  })

  it('orders names by their bytes, not by UTF-16', () => {
    expect(parse(archive(directory(['\uffee', file('')], ['\u{1f600}', file('')]))).issue).to.equal(null)
    const bytes = archive(directory(['\u{1f600}', file('')], ['\uffee', file('')]))
    refuse(bytes, 'NotCanonical', bytes.lastIndexOf(words('\uffee')), /after/)
    expect(
      parse(archive(directory(['\u{1f600}', file('')], [Buffer.from([0xff]), file('')]))).issue,
    ).to.equal(null)
  })

  it('rejects names and targets that are too long', () => {
    const long = archive(directory(['x'.repeat(256), file('')]))
    refuse(long, 'LimitExceeded', 128, /an entry name of at most 255 bytes/)
    expect(parse(archive(directory(['x'.repeat(255), file('')]))).issue).to.equal(null)
    expect(parse(long, [9], { limits: { name: 256 } }).issue).to.equal(null)
    const link = (target: string) => archive(words('(', 'type', 'symlink', 'target', target, ')'))
    refuse(link('x'.repeat(4096)), 'LimitExceeded', 88, /the target of a symbolic link of at most 4095 bytes/)
    expect(parse(link('x'.repeat(4095)), [77]).issue).to.equal(null)
    expect(parse(link('x'.repeat(4096)), [77], { limits: { target: 5000 } }).issue).to.equal(null)
  })

  it('rejects targets that are empty or have a NUL', () => {
    for (const target of ['', 'a\0']) {
      const bytes = archive(words('(', 'type', 'symlink', 'target', target, ')'))
      refuse(bytes, 'InvalidValue', 96, /the target of a symbolic link: not empty, without NUL/)
      expect(parse(bytes, [3], { lenient: { anyTarget: true } }).issue).to.equal(null)
    }
  })

  it('rejects a marker with a value', () => {
    const bytes = archive(words('(', 'type', 'regular', 'executable', 'x', 'contents', '', ')'))
    refuse(bytes, 'UnexpectedValue', 96, /an empty string as the value of "executable"/)
  })

  it('reports the entry of an issue', () => {
    const bytes = archive(directory(['a', directory(['b', words('(', 'type', 'socket', ')')])]))
    const at = bytes.indexOf(words('socket'))
    refuse(bytes, 'UnknownTag', at, /the type of a node: "regular", "symlink" or "directory"/, ['a', 'b'])
  })

  it('rejects a node below 64 others, and no other', () => {
    const nested = (depth: number): Buffer => {
      let node = file('')
      for (let i = 0; i < depth; i++) {
        node = directory(['d', node])
      }
      return archive(node)
    }
    expect(parse(nested(63)).issue).to.equal(null)
    expect(codec.decode(nested(63))._tag).to.equal('Right')
    const { issue } = parse(nested(64))
    expect(issue).to.include({ _tag: 'LimitExceeded', limit: 'depth', maximum: 64 })
    expect(issue?.path).to.have.lengthOf(64)
    expect(codec.decode(nested(64))).to.have.nested.property('left.offset', issue?.offset)
    expect(parse(nested(64), [100], { limits: { depth: 65 } }).issue).to.equal(null)
  })

  it('rejects a million nested directories without an overflow', () => {
    const level = words('(', 'type', 'directory', 'entry', '(', 'name', 'd', 'node')
    const parser = new NarParser()
    parser.push(words('nix-archive-1'))
    const chunk = Buffer.concat(Array.from({ length: 1000 }, () => level))
    for (let i = 0; i < 1000; i++) {
      parser.push(chunk)
    }
    expect(parser.finish()).to.include({ _tag: 'LimitExceeded', limit: 'depth' })
    const lenient = new NarParser({ limits: { depth: 2 ** 20 } })
    lenient.push(words('nix-archive-1'))
    for (let i = 0; i < 1000; i++) {
      lenient.push(chunk)
    }
    expect(lenient.finish()).to.include({ _tag: 'UnexpectedEnd' })
  })

  it('allocates nothing for an announced length', () => {
    for (const length of [2n ** 64n - 1n, 2n ** 53n - 1n, 2n ** 40n]) {
      const before = process.memoryUsage().arrayBuffers
      for (const prefix of [
        words('(', 'type', 'regular', 'contents'),
        words('(', 'type', 'symlink', 'target'),
        words('(', 'type', 'directory', 'entry', '(', 'name'),
        words('(', 'type'),
      ]) {
        const { issue } = parse(Buffer.concat([archive(prefix), u64le(length), Buffer.from('x')]), [11])
        expect(issue?._tag).to.be.oneOf(['OutOfRange', 'UnexpectedEnd', 'LimitExceeded'])
      }
      expect(process.memoryUsage().arrayBuffers - before).to.be.below(2 ** 20)
    }
  })

  it('accepts the deviations of older releases, each by its option', () => {
    const empty: ReadonlyArray<NarEvent> = [{ _tag: 'regular', executable: false, size: 0 }]
    const withoutContents = archive(words('(', 'type', 'regular', ')'))
    refuse(withoutContents, 'UnknownTag', 72, /"executable" or "contents"/)
    expect(parse(withoutContents, [5], { lenient: { missingContents: true } })).to.include({ issue: null })
    expect(parse(withoutContents, [5], { lenient: { missingContents: true } }).events).to.deep.equal(empty)

    const otherWord = archive(words('(', 'type', 'regular', 'AAAAAAAA', ')'))
    expect(parse(otherWord, [5], { lenient: { missingContents: true } }).issue).to.include({ offset: 72 })
    expect(parse(otherWord, [5], { lenient: { otherWordForContents: true } }).issue).to.equal(null)
    expect(parse(otherWord, [5], { lenient: { otherWordForContents: true } }).events).to.deep.equal(empty)

    const executable = archive(words('(', 'type', 'regular', 'executable', '', ')'))
    refuse(executable, 'UnexpectedValue', 104, /"contents" \(the field after the executable marker\)/)
    expect(parse(executable, [5], { lenient: { missingContents: true } }).events).to.deep.equal([
      { _tag: 'regular', executable: true, size: 0 },
    ])

    const padding = archive(file('x'))
    padding[97] = 1
    refuse(padding, 'NonZeroPadding', 97, /the padding of contents/)
    expect(parse(padding, [5], { lenient: { uncheckedPadding: true } }).issue).to.equal(null)
  })

  it('repeats its first issue', () => {
    const parser = new NarParser()
    const step = parser.push(words('nix-archive-2'))
    expect(parser.push(archive(file('')))).to.deep.equal(step)
    expect(parser.finish()).to.equal(step._tag === 'failed' ? step.issue : undefined)
  })

  it('rejects an invalid limit', () => {
    expect(() => new NarParser({ limits: { depth: 0 } })).to.throw(RangeError, 'the depth limit')
    expect(() => new NarParser({ limits: { name: 1.5 } })).to.throw(RangeError, 'the name limit')
  })
})
