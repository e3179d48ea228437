import { joined } from '../../../bytes/joined.js'
import { paddedContent } from '../../../combinators/wire-bytes.js'
import { operations } from '../../../grammar/operations/table.js'
import { options } from '../ask.js'
import { numberBytes } from '../bytes.js'
import type { Case, Move, Outcome } from '../case.js'
import type { Facts } from '../facts.js'
import { asked, requestBytes } from '../speech.js'
import { anything, caseOf, oldestOf, refusals, usual } from './make.js'

const letters = (length: number): Uint8Array => new Uint8Array(length).fill(0x61)

/** A hash part of some length: the shortest request with a text without rules. */
const hashPart = (facts: Facts, text: Uint8Array): Move => {
  const { agreed } = usual(facts)
  const { QueryPathFromHashPart } = operations
  return {
    bytes: joined([numberBytes(QueryPathFromHashPart.id), paddedContent(text)]),
    twin: requestBytes(QueryPathFromHashPart, agreed, { hashPart: new TextDecoder().decode(text) }),
    until: 'turn',
  }
}

const lengthCases = (facts: Facts): ReadonlyArray<Case> =>
  Array.from({ length: 18 }, (_, length) =>
    caseOf(facts, {
      id: `2.text.${length}`,
      section: 2,
      title: `a text of ${length} bytes`,
      level: 'read',
      speech: usual(facts),
      says: [hashPart(facts, letters(length))],
      allows: ['answered', 'refused'],
    }),
  )

/** A text whose padding has a bit set. */
const paddingCases = (facts: Facts): ReadonlyArray<Case> =>
  [1, 4, 7].flatMap((length) =>
    [...new Set([length, 7])].map((at) => {
      const move = hashPart(facts, letters(length))
      const bytes = move.bytes.slice()
      bytes[16 + at] = 0x80
      return caseOf(facts, {
        id: `2.padding.${length}.${at}`,
        section: 2,
        title: `padding that is not zero: ${length} letters, the bit in byte ${at}`,
        level: 'read',
        speech: usual(facts),
        says: [{ ...move, bytes, twin: move.twin ?? move.bytes, until: 'nothing' }],
        together: true,
        allows: refusals,
      })
    }),
  )

/** Numbers that announce impossible amounts, without those for which a daemon may try to allocate memory. */
const huge: ReadonlyArray<readonly [title: string, value: bigint]> = [
  ['2^63', 2n ** 63n],
  ['2^63 + 8, which is 8 in 32 bits', 2n ** 63n + 8n],
  ['2^64 - 1', 2n ** 64n - 1n],
]

const hugeCases = (facts: Facts): ReadonlyArray<Case> =>
  huge.flatMap(([title, value], i) => [
    caseOf(facts, {
      id: `2.length.${i}`,
      section: 2,
      title: `a text whose length is ${title}`,
      level: 'read',
      speech: usual(facts),
      says: [
        {
          bytes: joined([numberBytes(operations.QueryPathFromHashPart.id), numberBytes(value), letters(8)]),
          twin: hashPart(facts, letters(8)).twin ?? letters(0),
          until: 'nothing',
        },
      ],
      together: true,
      allows: refusals,
    }),
    caseOf(facts, {
      id: `2.count.${i}`,
      section: 2,
      title: `a set whose count is ${title}`,
      level: 'read',
      speech: usual(facts, oldestOf(facts)),
      says: [
        {
          bytes: joined([numberBytes(operations.QueryValidPaths.id), numberBytes(value)]),
          twin: requestBytes(operations.QueryValidPaths, usual(facts, oldestOf(facts)).agreed, {
            paths: [],
            substitute: false,
          }),
          until: 'nothing',
        },
      ],
      probed: false,
      allows: refusals,
    }),
  ])

const cutCases = (facts: Facts): ReadonlyArray<Case> =>
  [1, 3, 8, 13].map((cut) =>
    caseOf(facts, {
      id: `2.cut.${cut}`,
      section: 2,
      title: `a request that comes in pieces of ${cut} bytes`,
      level: 'read',
      speech: usual(facts),
      says: [{ ...hashPart(facts, letters(32)), cut }],
      allows: ['answered', 'refused'],
    }),
  )

const many = 100

const pipelined = (facts: Facts): Case =>
  caseOf(facts, {
    id: '2.many',
    section: 2,
    title: `${many} requests in one write`,
    level: 'read',
    speech: usual(facts),
    says: Array.from({ length: many }, () => hashPart(facts, letters(32))),
    together: true,
    allows: ['answered', 'refused'],
  })

/** Names and values of all lengths modulo 8, which a daemon may not know. */
const overrides = (facts: Facts): Case => {
  const { agreed } = usual(facts)
  const names = new Map(Array.from({ length: 17 }, (_, i) => [`nix-wire-${'x'.repeat(i)}`, 'y'.repeat(i)]))
  return caseOf(facts, {
    id: '2.overrides',
    section: 2,
    title: 'names and values of every length modulo 8',
    level: 'read',
    speech: usual(facts),
    says: [asked(operations.SetOptions, agreed, options(names))],
    allows: ['answered'],
  })
}

const outOfRange: ReadonlyArray<Outcome> = refusals

const numberCases = (facts: Facts): ReadonlyArray<Case> =>
  ([2n ** 32n + 1n, 2n ** 64n - 1n] as const).map((value, i) =>
    caseOf(facts, {
      id: `2.number.${i}`,
      section: 2,
      title: `the number of an operation is ${value}`,
      level: 'read',
      speech: usual(facts),
      says: [{ bytes: numberBytes(value), until: 'nothing' }],
      probed: false,
      allows: outOfRange,
    }),
  )

/** An end of the connection inside a request: no part of it may be executed. */
const endCases = (facts: Facts): ReadonlyArray<Case> => {
  const { bytes } = hashPart(facts, letters(32))
  return [4, 12, 30].map((length) =>
    caseOf(facts, {
      id: `2.end.${length}`,
      section: 2,
      title: `the connection ends ${length} bytes into a request`,
      level: 'read',
      speech: usual(facts),
      says: [{ bytes: bytes.subarray(0, length), until: 'nothing' }],
      probed: false,
      allows: anything.filter((outcome) => outcome !== 'answered'),
    }),
  )
}

export const primitiveCases = (facts: Facts): ReadonlyArray<Case> => [
  ...lengthCases(facts),
  overrides(facts),
  ...paddingCases(facts),
  ...hugeCases(facts),
  ...numberCases(facts),
  ...cutCases(facts),
  ...endCases(facts),
  pipelined(facts),
]
