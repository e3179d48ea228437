import { expect } from 'chai'
import fc from 'fast-check'
import { left } from 'fp-ts/lib/Either.js'
import { some } from 'fp-ts/lib/Option.js'
import {
  type AnyGrammar,
  bool32,
  bytesOf,
  enumOf,
  framed,
  type Grammar,
  lazy,
  limited,
  listOf,
  literal,
  lowBits,
  mapOf,
  optionalByTag,
  paddedBytes,
  refine,
  setOf,
  strictBool,
  struct,
  tagged,
  u8,
  u64,
  until,
  utf8,
  withBytes,
} from '../../combinators/index.js'
import * as G from '../../grammar/index.js'
import { toArbitrary } from '../../interpreters/arbitrary/index.js'
import { compile, type Profile } from '../../interpreters/compile/index.js'
import { dissect, dissectionJson, type Part, renderDissection } from '../../interpreters/dissect/index.js'
import { TolerantReading } from '../../interpreters/dissect/tolerant.js'
import { type Malformed, toMalformed } from '../../interpreters/malformed/index.js'
import { rightOf } from '../support/either.js'
import { allGrammars } from '../support/grammars.js'
import { realisationsByPath } from '../support/protocols.js'

const word = (value: number | bigint): string => {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value), true)
  return Buffer.from(bytes).toString('hex')
}

/** A grammar with a field behind it, which is read only where the place is not lost. */
const message = (grammar: AnyGrammar): Grammar<unknown> =>
  struct('Message', { field: grammar as Grammar<unknown>, after: u64 }) as Grammar<unknown>

const Colour = enumOf(u8, { Red: 0, Green: 1 })
const Shape = tagged('type', u8, { Point: [0, {}], Circle: [1, { radius: u64 }] })
const Even = refine(u64, 'an even number', (value) => value % 2n === 0n)
const Chain: Grammar<unknown> = struct('Chain', {
  next: optionalByTag(
    u8,
    lazy(() => Chain),
  ),
}) as Grammar<unknown>

interface Row {
  readonly grammar: AnyGrammar
  readonly hex: string
  readonly profile?: Profile
  readonly issue: readonly [tag: string, offset: number, ...path: ReadonlyArray<string | number>]
}

interface DataPart {
  readonly parts?: ReadonlyArray<DataPart>
  readonly issues?: unknown
}

/** What is kept where the issue is. */
const known: { readonly [name: string]: Row & { readonly kept: unknown } } = {
  'an integer that is too large': {
    grammar: u8,
    hex: word(300),
    issue: ['OutOfRange', 0, 'field'],
    kept: 300,
  },
  'an integer that no number holds': {
    grammar: u8,
    hex: 'ffffffffffffffff',
    issue: ['OutOfRange', 0, 'field'],
    kept: 2n ** 64n - 1n,
  },
  'bits that are dropped': {
    grammar: lowBits(16),
    hex: word(0x70005),
    profile: 'canonical',
    issue: ['NotCanonical', 0, 'field'],
    kept: 5,
  },
  'a bool of 2': { grammar: strictBool, hex: word(2), issue: ['OutOfRange', 0, 'field'], kept: 2n },
  'a bool beyond 32 bits': {
    grammar: bool32,
    hex: word(2 ** 32),
    issue: ['OutOfRange', 0, 'field'],
    kept: 2n ** 32n,
  },
  'padding of bytes': {
    grammar: paddedBytes,
    hex: `${word(2)} 6869 000000000100`,
    issue: ['NonZeroPadding', 14, 'field'],
    kept: Uint8Array.of(0x68, 0x69),
  },
  'a text that is not UTF-8': {
    grammar: utf8,
    hex: `${word(2)} 68ff 000000000000`,
    issue: ['NotUtf8', 8, 'field'],
    kept: 'h\udcff',
  },
  'a text without its form': {
    grammar: G.Signature,
    hex: `${word(2)} 6869 000000000000`,
    profile: 'canonical',
    issue: ['InvalidText', 8, 'field'],
    kept: 'hi',
  },
  'an optional text without its form': {
    grammar: G.OptStorePath,
    hex: `${word(2)} 6869 000000000000`,
    issue: ['InvalidText', 8, 'field'],
    kept: some('hi'),
  },
  'a fixed field': {
    grammar: struct('Fixed', { magic: literal(u64, 5n), value: u64 }),
    hex: `${word(6)} ${word(1)}`,
    issue: ['UnexpectedValue', 0, 'field', 'magic'],
    kept: { value: 1n },
  },
  'a number that is none of the cases': {
    grammar: Colour,
    hex: word(2),
    issue: ['UnknownTag', 0, 'field'],
    kept: 2,
  },
  'a number that can be none of the cases': {
    grammar: Colour,
    hex: word(256),
    issue: ['OutOfRange', 0, 'field'],
    kept: 256,
  },
  'a trust that means nothing': {
    grammar: G.OptTrusted,
    hex: word(3),
    issue: ['UnknownTag', 0, 'field'],
    kept: some(3),
  },
  'what an imap refuses': {
    grammar: Even,
    hex: word(7),
    issue: ['InvalidValue', 0, 'field'],
    kept: 7n,
  },
  'a set out of order': {
    grammar: setOf(u64),
    hex: word(2) + word(4) + word(3),
    profile: 'canonical',
    issue: ['NotCanonical', 16, 'field', 1],
    kept: [4n, 3n],
  },
  'a set with something twice': {
    grammar: setOf(u64),
    hex: word(2) + word(4) + word(4),
    profile: 'canonical',
    issue: ['DuplicateKey', 16, 'field', 1],
    kept: [4n, 4n],
  },
  'a map out of order': {
    grammar: mapOf(u64, u64),
    hex: word(2) + word(4) + word(0) + word(3) + word(1),
    profile: 'canonical',
    issue: ['NotCanonical', 24, 'field', 1, 'key'],
    kept: new Map([
      [4n, 0n],
      [3n, 1n],
    ]),
  },
  'a length in frames that is over a limit': {
    grammar: framed(limited(8, utf8)),
    hex: `${word(8)} ${word(9)} ${word(0)}`,
    issue: ['LimitExceeded', 8, 'field'],
    kept: bytesOf(word(9)),
  },
  'frames that end before their value': {
    grammar: framed(struct('Two', { first: u64, second: u64 })),
    hex: `${word(8)} ${word(9)} ${word(0)}`,
    issue: ['FramesEnd', 16, 'field', 'second'],
    kept: bytesOf(word(9)),
  },
  'a tag in frames that loses the place there': {
    grammar: framed(Shape),
    hex: `${word(16)} ${word(7)} ${word(1)} ${word(0)}`,
    issue: ['UnknownTag', 8, 'field', 'type'],
    kept: bytesOf(word(7) + word(1)),
  },
}

/** Where the place is lost. */
const fatal: { readonly [name: string]: Row } = {
  'a length over the limit': {
    grammar: utf8,
    hex: word(2 ** 40),
    issue: ['LimitExceeded', 0, 'field'],
  },
  'the end of the bytes': { grammar: utf8, hex: word(30), issue: ['UnexpectedEnd', 0, 'field'] },
  'a count over the limit': {
    grammar: listOf(u64),
    hex: word(2 ** 40),
    issue: ['LimitExceeded', 0, 'field'],
  },
  'a tag that other bytes would follow': {
    grammar: Shape,
    hex: word(7),
    issue: ['UnknownTag', 0, 'field', 'type'],
  },
  'a tag out of range that other bytes would follow': {
    grammar: Shape,
    hex: word(256),
    issue: ['OutOfRange', 0, 'field', 'type'],
  },
  'a mark': {
    grammar: until(u64, { next: 1n, end: 0n }, u64),
    hex: word(2),
    issue: ['UnknownTag', 0, 'field', 0],
  },
  'recursion beyond the limit': {
    grammar: Chain,
    hex: word(1).repeat(70),
    issue: ['LimitExceeded', 65 * 8, 'field', ...Array.from({ length: 65 }, () => 'next')],
  },
  'a frame over the limit': {
    grammar: framed(u64),
    hex: word(2 ** 40),
    issue: ['LimitExceeded', 0, 'field'],
  },
}

describe('dissect, when a rule is broken,', () => {
  for (const [name, { grammar, hex, profile = 'compatible', issue, kept }] of Object.entries(known)) {
    it(`keeps ${name}, and goes on`, () => {
      const bytes = bytesOf(hex + word(7))
      const { tree, result, issues, omitted } = dissect(message(grammar), {}, bytes, { profile })
      expect(issues.map(({ _tag, offset, path }) => [_tag, offset, ...path])).to.deep.equal([issue])
      expect(result).to.deep.equal(left(issues[0]))
      expect(omitted).to.equal(0)
      expect([tree?.complete, tree?.sound, tree?.end]).to.deep.equal([true, false, bytes.length])
      expect(tree?.value).to.deep.equal({ field: kept, after: 7n })
      const whose = flawed(tree)
      expect(whose.map((part) => part.issues)).to.deep.equal([issues])
      expect(whose[0]?.path).to.deep.equal(issue.slice(2))
    })
  }

  for (const [name, { grammar, hex, issue }] of Object.entries(fatal)) {
    it(`ends at ${name}`, () => {
      const { tree, issues } = dissect(message(grammar), {}, bytesOf(hex))
      expect(issues.map(({ _tag, offset, path }) => [_tag, offset, ...path])).to.deep.equal([issue])
      expect(tree?.complete).to.equal(false)
      expect(flawed(tree).map((part) => part.issues)).to.deep.equal([issues])
    })
  }

  it('lists up to 100 issues, or as many as the option says, and counts the others', () => {
    const bytes = bytesOf(word(1000) + word(9).repeat(1000))
    const few = dissect(listOf(Colour), {}, bytes, { issues: 3 })
    expect([few.issues.length, few.omitted]).to.deep.equal([3, 997])
    expect([few.tree?.complete, few.tree?.value]).to.deep.equal([true, Array.from({ length: 1000 }, () => 9)])
    const none = dissect(listOf(Colour), {}, bytes, { issues: 0 })
    expect([none.issues.length, none.omitted]).to.deep.equal([0, 1000])
    expect(none.result).to.deep.equal(few.result)
    expect(dissect(listOf(Colour), {}, bytes).issues.length).to.equal(100)
    expect(() => dissect(Colour, {}, bytes, { issues: -1 })).to.throw(RangeError)
    // The rendering shows no more either.
    expect(renderDissection(few, { fold: 1 }).length).to.be.below(10)
  })

  it('gives each part its issues, also as data', () => {
    const bytes = bytesOf(word(2) + word(0) + word(9))
    const { issues, tree } = dissect(listOf(Colour), {}, bytes)
    const data = dissectionJson(dissect(listOf(Colour), {}, bytes)) as { readonly tree: DataPart }
    const [good, wrong] = [data.tree.parts?.[1]?.parts?.[0], data.tree.parts?.[2]?.parts?.[0]]
    expect(wrong).to.deep.include({ complete: true, value: 9, issues })
    expect(good).to.deep.include({ complete: true, value: 0 }).and.not.to.have.property('issues')
    expect(tree?.parts.map(({ sound }) => sound)).to.deep.equal([true, true, false])
  })

  it('does not call a part sound whose imap or refine has an issue', () => {
    const Short = refine(utf8, 'a short text', (text) => text.length < 9)
    for (const grammar of [utf8, Short, refine(Short, 'a text', () => true), withBytes(Short)]) {
      const { tree, issues } = dissect(
        struct('S', { note: grammar }),
        {},
        bytesOf(`${word(2)} 6869 000000000100`),
      )
      expect(issues).to.have.lengthOf(1)
      expect([tree?.sound, tree?.parts[0]?.sound]).to.deep.equal([false, false])
    }
  })

  it('does not compare items of different types', () => {
    const text = (value: string): string =>
      word(value.length) + Buffer.from(value.padEnd(Math.ceil(value.length / 8) * 8, '\0')).toString('hex')
    const bytes = bytesOf(word(3) + text('b!out') + text('?') + text('a!out'))
    const { issues, tree } = dissect(setOf(G.DerivedPath), { version: '1.30' }, bytes, {
      profile: 'canonical',
    })
    expect(issues.map(({ _tag }) => _tag)).to.deep.equal(['InvalidText', 'InvalidText', 'InvalidText'])
    expect(tree?.value).to.deep.equal(['b!out', '?', 'a!out'])
  })
})

/** The parts that something is wrong with. */
const flawed = (part: Part | null): ReadonlyArray<Part> =>
  part === null ? [] : [...(part.issues.length > 0 ? [part] : []), ...part.parts.flatMap(flawed)]

const leavesOf = (part: Part): ReadonlyArray<Part> =>
  part.parts.length === 0 ? [part] : part.parts.flatMap(leavesOf)

/** The choices of the protocol with bytes behind some of their tags. The cases of all others carry nothing. */
const carrying = new Set([
  'Field',
  'GCPaths',
  'LogMessage',
  'NarNode',
  'OptMicroseconds',
  'SingleDerivedPath',
  'option',
  'tagged',
])

/** Whether it is known where the part ends that a sample breaks; read off the message before it was broken. */
const isExtentKnown = ({ issue: { tag, offset } }: Malformed, whole: Part): boolean => {
  // For an invalid text, the offset is that of the content, not of its length.
  const around = aroundOf(whole, tag === 'NotUtf8' ? offset - 8 : offset)
  const [head, tail] = framesOf(around)
  if (head !== undefined && tail !== undefined && offset >= head.end && offset < tail.start) {
    return true
  }
  switch (tag) {
    case 'UnexpectedEnd':
    case 'LimitExceeded':
      return false
    case 'OutOfRange':
    case 'UnknownTag':
    case 'NotUtf8':
      return !decides(around)
    default:
      return true
  }
}

/** Whether what follows the last of these parts depends on it. */
const decides = (around: ReadonlyArray<Part>): boolean => {
  const [choice, last] = around.slice(-2)
  // A signature follows only a 1.
  const isLegacy = last?.path.at(-1) === 'legacySignature'
  return (
    last?.role === 'count' ||
    last?.role === 'mark' ||
    (last?.role === 'tag' && carrying.has(choice?.grammar ?? '') && !isLegacy)
  )
}

/** The part at an offset that begins nothing else, and those around it. */
const aroundOf = (part: Part, offset: number): ReadonlyArray<Part> => {
  const below = part.parts.find((each) => each.start <= offset && offset < each.end)
  return below === undefined ? [part] : [part, ...aroundOf(below, offset)]
}

const framesOf = (around: ReadonlyArray<Part>): ReadonlyArray<Part | undefined> => {
  const heads = around.flatMap(({ parts }) => parts.filter(({ role }) => role === 'frame'))
  return [heads[0], heads.at(-1)]
}

/**
 * Whether a reader that reads on finds more: behind a 0 that has become a text all lies elsewhere, and another text in the
 * place of one may be out of order.
 */
const hasConsequences = ({ rule, profile }: Malformed): boolean =>
  rule.endsWith('not a length and as many bytes') ||
  (profile === 'canonical' &&
    /: (not in another form|each part of another form|each of its parts)/.test(rule))

describe('dissect, on messages of the protocol with one rule broken', () => {
  const protocols = [
    { version: '1.10' as const },
    { version: '1.28' as const },
    { version: '1.38' as const, features: [realisationsByPath] },
  ]

  for (const [name, grammar] of allGrammars) {
    it(`reads ${name} to its end if the extent of the issue is known, and otherwise up to it`, () => {
      for (const given of protocols) {
        const malformer = toMalformed(grammar, given)
        const codec = compile(grammar, given)
        const values = fc.sample(toArbitrary(grammar, given), { numRuns: 40, seed: 11 })
        const messages = values.map((value) => rightOf(codec.encode(value)))
        let index = 0
        for (const sample of malformer.sample(values, 5)) {
          const { bytes, profile, issue, rule } = sample
          const { tree: whole } = dissect(grammar, given, messages[index++]!)
          const { tree, issues } = dissect(grammar, given, bytes, { profile })
          const [first] = issues
          const said = `${rule} at ${given.version}, ${Buffer.from(bytes).toString('hex')}`
          expect(first, said).to.deep.include({ _tag: issue.tag, offset: issue.offset, path: issue.path })
          if (hasConsequences(sample)) {
            expectSameInPieces(grammar, given, bytes, profile)
            continue
          }
          expect(issues.length, said).to.equal(1)
          if (whole === null) {
            expect(tree, said).to.equal(null)
          } else if (isExtentKnown(sample, whole)) {
            const end = issue.tag === 'TrailingBytes' && issue.path.length === 0 ? issue.offset : bytes.length
            expect([tree?.complete, tree?.end], said).to.deep.equal([true, Math.max(end, tree?.end ?? 0)])
            expect(leavesOf(tree!).at(-1)?.end, said).to.equal(tree?.end)
          } else {
            expect(tree?.complete ?? false, said).to.equal(false)
          }
          expectSameInPieces(grammar, given, bytes, profile)
        }
      }
    })
  }
})

/** What comes byte by byte is read in the same way. */
const expectSameInPieces = (
  grammar: Grammar<unknown>,
  given: Parameters<typeof dissect>[1],
  bytes: Uint8Array,
  profile: Profile,
): void => {
  const { tree, issues } = dissect(grammar, given, bytes, { profile })
  const reading = new TolerantReading(grammar, given, { profile, start: 1000 })
  let at = 0
  let end = 0
  let result = reading.next(bytes.subarray(0, 0), bytes.length === 0)
  while (result === null && end < bytes.length) {
    at += reading.taken
    end = Math.min(bytes.length, end + 1 + Math.floor(reading.missing / 2))
    result = reading.next(bytes.subarray(at, end), end === bytes.length)
  }
  const moved = issues
    .filter(({ _tag, path }) => _tag !== 'TrailingBytes' || path.length > 0)
    .map((issue) => ({ ...issue, offset: issue.offset + 1000 }))
  const found = reading.takeIssues()
  expect(result).not.to.equal(null)
  if (result?._tag === 'Right') {
    expect(found).to.deep.equal(moved)
    expect(result.right).to.deep.equal(tree === null ? result.right : tree.value)
  } else {
    expect([...found, result?.left]).to.deep.equal(moved)
  }
}
