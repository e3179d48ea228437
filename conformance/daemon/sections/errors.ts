import { joined } from '../../../bytes/joined.js'
import { holds } from '../../../combinators/gate.js'
import { ordVersion, versionBits, versionFromBits } from '../../../combinators/version.js'
import type { AnyOperation } from '../../../grammar/operations/operation.js'
import { operations } from '../../../grammar/operations/table.js'
import { numberBytes, textBytes } from '../bytes.js'
import type { Case, Outcome, Skipped } from '../case.js'
import { absentPath, type Facts } from '../facts.js'
import { asksFor } from '../requests.js'
import { asked } from '../speech.js'
import { anything, caseOf, isWithin, refusals, usual } from './make.js'
import { whyNot } from './operations.js'
import { untrustedCases } from './untrusted.js'

const closes: ReadonlyArray<Outcome> = ['refused and closed', 'closed']

/** Texts that are not a store path of this store. */
const noPaths = (storeDir: string): ReadonlyArray<readonly [title: string, text: string]> => [
  ['an empty text', ''],
  ['a word', 'nothing'],
  ['a path of another store', `/nowhere${storeDir}/${'0'.repeat(32)}-x`],
  ['a path with a letter that no hash has', `${storeDir}/${'e'.repeat(32)}-x`],
  ['a path without a name', `${storeDir}/${'0'.repeat(32)}`],
]

/** Requests that are rejected while they are read. */
const beforeWork = (facts: Facts): ReadonlyArray<Case> =>
  noPaths(facts.storeDir).map(([title, text], i) => {
    const { IsValidPath } = operations
    const { agreed } = usual(facts)
    return caseOf(facts, {
      id: `4.before.${i}`,
      section: 4,
      title: `${title} where a store path stands`,
      level: 'read',
      speech: usual(facts),
      says: [
        {
          bytes: joined([numberBytes(IsValidPath.id), textBytes(text)]),
          twin: asked(IsValidPath, agreed, { path: absentPath(facts.storeDir) }).bytes,
          until: 'turn',
        },
      ],
      allows: refusals,
    })
  })

/** Requests that fail while they are executed: the connection goes on. */
const afterWork = (facts: Facts): ReadonlyArray<Case> => {
  const path = absentPath(facts.storeDir)
  const old = usual(facts, '1.16')
  const now = usual(facts)
  return [
    ...(isWithin(facts, '1.16')
      ? [
          caseOf(facts, {
            id: '4.after.QueryPathInfo@1.16',
            section: 4,
            title: 'QueryPathInfo of a path that is not valid, at 1.16',
            level: 'read',
            speech: old,
            says: [asked(operations.QueryPathInfo, old.agreed, { path })],
            allows: ['answered', 'refused'],
          }),
        ]
      : []),
    ...(['EnsurePath', 'AddSignatures'] as const).map((name) =>
      caseOf(facts, {
        id: `4.after.${name}`,
        section: 4,
        title: `${name} of a path that is not valid`,
        level: 'write',
        speech: now,
        says: [
          asked(operations[name], now.agreed, name === 'EnsurePath' ? { path } : { path, signatures: [] }),
        ],
        allows: ['refused'],
      }),
    ),
    caseOf(facts, {
      id: '4.after.CollectGarbage',
      section: 4,
      title: 'CollectGarbage that is told to delete live paths',
      level: 'write',
      speech: now,
      says: [
        asked(operations.CollectGarbage, now.agreed, {
          action: 'DeleteSpecific',
          paths: { _tag: 'SpecificPaths', paths: [], deleteReferrers: false },
          ignoreLiveness: true,
          maxFreed: 0n,
        }),
      ],
      allows: ['answered', 'refused'],
    }),
    caseOf(facts, {
      id: '4.after.NarFromPath',
      section: 4,
      title: 'NarFromPath of a path that is not valid',
      level: 'read',
      speech: now,
      says: [asked(operations.NarFromPath, now.agreed, { path })],
      allows: refusals,
    }),
  ].filter(({ version }) => ordVersion.compare(version, '1.17') >= 0 || version === '1.16')
}

const unknownNumbers: ReadonlyArray<number> = [2, 15, 17, 51, 99, 999, 0xffff_ffff]

const unknownOperations = (facts: Facts): ReadonlyArray<Case> =>
  unknownNumbers.map((number) =>
    caseOf(facts, {
      id: `4.unknown.${number}`,
      section: 4,
      title: `an operation that does not exist, ${number}`,
      level: 'read',
      speech: usual(facts),
      says: [{ bytes: numberBytes(number), until: 'nothing' }],
      probed: false,
      allows: closes,
    }),
  )

/** Operations that the version of the client lacks: a daemon answers or rejects them, and stays in step. */
const gatedOff = (facts: Facts): ReadonlyArray<Case> =>
  Object.values<AnyOperation>(operations).flatMap((operation) => {
    const before = versionFromBits(versionBits(operation.since) - 1)
    const speech = usual(facts, before)
    const ask = asksFor(facts, speech.agreed).find(({ operation: name }) => name === operation.name)
    const isLacking = !holds(operation.gate, speech.agreed)
    const isAlone = operation.streams.length === 0
    return ask === undefined ||
      !isWithin(facts, before) ||
      !isLacking ||
      !isAlone ||
      whyNot(facts, ask.operation, speech) !== null
      ? []
      : [
          caseOf(facts, {
            id: `4.gated.${operation.name}@${before}`,
            section: 4,
            title: `${operation.name}, which a client of ${before} does not have`,
            level: ask.level,
            speech,
            says: [asked(operation, speech.agreed, ask.request)],
            allows: anything,
          }),
        ]
  })

export const errorCases = (facts: Facts): ReadonlyArray<Case | Skipped> => [
  ...beforeWork(facts),
  ...afterWork(facts),
  ...unknownOperations(facts),
  ...gatedOff(facts),
  ...untrustedCases(facts),
]
