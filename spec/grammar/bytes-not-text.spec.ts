import { expect } from 'chai'
import fc from 'fast-check'
import type { AnyGrammar, Grammar, Protocol } from '../../combinators/index.js'
import type { TextNode } from '../../combinators/node.js'
import { resolved } from '../../combinators/resolved.js'
import * as G from '../../grammar/index.js'
import { toArbitrary } from '../../interpreters/arbitrary/index.js'
import {
  compile,
  dissect,
  fromJson,
  parseJson,
  printJson,
  runParser,
  toJson,
  toParser,
} from '../../interpreters/index.js'
import { top, Writer, type Written } from '../../interpreters/malformed/layout.js'
import { Message } from '../../interpreters/malformed/message.js'
import { sitesOf } from '../../interpreters/malformed/sites.js'
import { nixProtocol } from '../../types/nix-protocol.js'
import { rightOf } from '../support/either.js'
import { concat, int, padded } from '../support/wire.js'

/**
 * The texts whose characters are checked when they are read, by the name of their format, and by whom. All other texts
 * of the protocol are bytes.
 */
const checked: { readonly [format: string]: string } = {
  BaseStorePath: 'Nix: store path, on the way from AddBuildLog',
  ContentAddress: 'Nix: content address',
  ContentAddressMethodWithAlgo: 'Nix: content address method',
  DerivationOutputHash: 'Nix 2.4 and above: output of a derivation (not where it has no algorithm)',
  DerivationOutputMethod: 'Nix 2.4 and above: output of a derivation',
  DerivedPath: 'Nix 2.4 and above: derived path',
  DrvOutputByHash: 'Nix: realisation id',
  HashAlgorithm: 'Nix: hash algorithm (not where AddToStore below 1.25 is not fixed)',
  NARHash: 'Nix: hash',
  OutputName: 'the specification; no release checks it on the wire',
  RealisationByHash: 'Nix: JSON, which is UTF-8',
  StorePath: 'Nix: store path',
  StrictStorePath: 'Nix 2.4 and above: output of a derivation',
}

/** Seen in real releases: each reads the request, and where it can carries it out. */
const seen: ReadonlyArray<
  readonly [operation: keyof typeof G.operations, version: Protocol['version'], place: string]
> = [
  ['AddToStore', '1.21', 'name'],
  ['AddToStore', '1.34', 'name'],
  ['AddTextToStore', '1.34', 'name'],
  ['AddToStoreScanning', '1.38', 'name'],
  ['BuildDerivation', '1.34', 'drv.platform'],
  ['BuildDerivation', '1.34', 'drv.builder'],
  ['BuildDerivation', '1.34', 'drv.env[].key'],
  ['SetOptions', '1.34', 'overrides[].key'],
  ['QueryPathFromHashPart', '1.34', 'hashPart'],
  ['ClearFailedPaths', '1.15', 'paths[]'],
]

const bytes = padded(Uint8Array.of(0x78, 0xfc))

const protocols: ReadonlyArray<Protocol> = [
  ...(['1.10', '1.15', '1.21', '1.24', '1.28', '1.30', '1.34', '1.38'] as const).map((version) =>
    nixProtocol({ version }),
  ),
  nixProtocol({
    version: '1.38',
    features: [
      'add-to-store-scanning',
      'delete-dead-specific-referrers',
      'provenance',
      'queryPathInfos',
      'realisation-with-path-not-hash',
      'submit-output',
      'versionedAddToStoreMultiple',
    ],
  }),
]

type Named = ReadonlyArray<readonly [name: string, grammar: AnyGrammar]>

/** Of one grammar in several the first gives the name. */
const tables = { Nix: G.operations, Determinate: G.determinateOperations, Lix: G.lixOperations }

const formsOf = (table: { readonly [name: string]: G.AnyOperation }): Named =>
  Object.values(table).flatMap(({ name, request, reply }) => [
    [`${name}, request`, request],
    [`${name}, reply`, reply],
  ])

/** Requests, replies, what flows between them, what uploads and downloads hold, and the handshake. */
const messages: Named = [
  ...[
    ...new Map(
      Object.entries(tables)
        .flatMap(([dialect, table]) =>
          formsOf(table).map(([name, grammar]) => [grammar, `${name} (${dialect})`] as const),
        )
        .filter(([{ node }]) => node.name !== 'UnknownForm')
        .reverse(),
    ),
  ].map(([grammar, name]) => [name, grammar] as const),
  ['LogMessage', G.LogMessage],
  ['AddedPathInfo', G.AddedPathInfo],
  // With its archive, a changed name would need another narSize.
  ['AddMultipleInfo', G.AddMultipleInfo],
  ['Nar', G.Nar],
  ['ImportPaths', G.ImportPaths],
  ['FeatureList', G.FeatureList],
  ['ClientHandshakeInfo', G.ClientHandshakeInfo],
]

interface Place {
  readonly place: string
  readonly node: TextNode
  /** A field that is not in the value: passed over, or a word that must be this one. */
  readonly fixed: 'ignored' | 'compared' | null
}

/** Passed over, and only ever written as none. */
const neverWritten = /legacySignature\(Some\)$/

const textsIn = (grammar: AnyGrammar, given: Protocol): ReadonlyArray<Place> =>
  [...sitesOf(resolved(grammar, given).node)].flatMap(({ place, site: { node, fixed, role } }) =>
    node._tag !== 'text' || neverWritten.test(place)
      ? []
      : [
          {
            place,
            node,
            fixed:
              fixed?.ignored === true
                ? 'ignored'
                : fixed !== undefined || role !== 'value'
                  ? 'compared'
                  : null,
          },
        ],
  )

const partsOf = (written: Written): ReadonlyArray<Written> => [written, ...written.parts.flatMap(partsOf)]

/** The same message with other bytes at a place, for each place of a text. */
const broken = (
  grammar: Grammar<unknown>,
  given: Protocol,
  places: ReadonlyArray<Place>,
): ReadonlyMap<string, Uint8Array> => {
  const found = new Map<string, Uint8Array>()
  const values = toArbitrary(grammar, given, { items: 1 })
  const writer = new Writer(given)
  for (let seed = 1; seed <= 100 && found.size < places.length; seed++) {
    for (const value of fc.sample(values, { numRuns: 10, seed })) {
      const root = writer.write(resolved(grammar, given).node, value, top)
      const message = new Message(root)
      for (const part of partsOf(root)) {
        if (part.node._tag === 'text' && !found.has(part.place)) {
          found.set(part.place, message.bytesOf(root, { target: part, bytes }))
        }
      }
    }
  }
  return found
}

describe('a byte that is not UTF-8', () => {
  const met = new Set<string>()
  const free = new Map<string, Set<string>>()

  for (const [name, grammar] of messages as ReadonlyArray<readonly [string, Grammar<unknown>]>) {
    it(`is read in ${name} if Nix checks no characters, and written again`, () => {
      for (const given of protocols) {
        const codec = compile(grammar, given)
        const places = textsIn(grammar, given)
        const wire = broken(grammar, given, places)
        for (const { place, node, fixed } of places) {
          const title = `${place} at ${given.version}`
          const message = wire.get(place)
          if (message === undefined) {
            throw new Error(`no sample has ${title}`)
          }
          const read = codec.decode(message)
          if (node.encoding === 'utf8' && fixed !== 'compared') {
            const format = node.format?.name ?? 'String'
            expect(checked, `${title}: who checks it?`).to.have.property(format)
            met.add(format)
          }
          if (node.encoding === 'utf8' || fixed === 'compared') {
            expect(read._tag, title).to.equal('Left')
            continue
          }
          expect(read._tag, title).to.equal('Right')
          free.set(name, (free.get(name) ?? new Set()).add(`${given.version} ${place}`))
          if (fixed === null) {
            expect(rightOf(codec.encode(rightOf(read))), title).to.deep.equal(message)
          }
        }
      }
    })
  }

  it('is read wherever real releases are known to read it', () => {
    for (const [operation, version, place] of seen) {
      expect([...(free.get(`${operation}, request (Nix)`) ?? [])], operation).to.include(
        `${version} ${place}`,
      )
    }
  })

  it('is rejected only by the types in the list', () => {
    expect([...met].sort()).to.deep.equal(Object.keys(checked).sort())
  })
})

describe('keys and items of any bytes', () => {
  // In the order of bytes; as UTF-16 units the escapes are between the last two characters.
  const keys = [
    [0x61],
    [0x61, 0x80],
    [0x80],
    [0xc3, 0xa9],
    [0xef, 0xbf, 0xae],
    [0xf0, 0x90, 0x80, 0x80],
    [0xfc],
  ]
  const texts = ['a', 'a\udc80', '\udc80', 'é', '\uffee', '𐀀', '\udcfc']
  const count = int(keys.length)
  const collections: ReadonlyArray<{
    readonly grammar: AnyGrammar
    readonly given: Partial<Protocol>
    readonly value: (order: ReadonlyArray<string>) => unknown
    readonly bytes: (order: ReadonlyArray<number>) => Uint8Array
  }> = [
    {
      grammar: G.FeatureList,
      given: { version: '1.38' },
      value: (order) => order,
      bytes: (order) => concat(count, ...order.map((i) => padded(Uint8Array.from(keys[i]!)))),
    },
    {
      grammar: G.BasicDerivation,
      given: {},
      value: (order) => ({
        outputs: new Map(),
        inputSrcs: [],
        platform: '',
        builder: '',
        args: [],
        env: new Map(order.map((key) => [key, ''])),
      }),
      bytes: (order) =>
        concat(
          new Uint8Array(40),
          count,
          ...order.map((i) => concat(padded(Uint8Array.from(keys[i]!)), padded(''))),
        ),
    },
  ]

  it('are written in the order of the bytes, which the canonical profile requires', () => {
    const ascending = texts.map((_, i) => i)
    for (const { grammar, given, value, bytes } of collections) {
      for (const evaluate of [true, false]) {
        const codec = compile(grammar as Grammar<unknown>, given, { evaluate, profile: 'canonical' })
        fc.assert(
          fc.property(fc.shuffledSubarray(ascending, { minLength: texts.length }), (order) => {
            const sorted = bytes(ascending)
            expect(rightOf(codec.encode(value(order.map((i) => texts[i]!))))).to.deep.equal(sorted)
            expect(rightOf(codec.decode(sorted))).to.deep.equal(value(texts))
            const read = codec.decode(bytes(order))
            expect(read._tag).to.equal(order.every((i, n) => i === n) ? 'Right' : 'Left')
            const agreed = nixProtocol(given)
            const others = [
              runParser(
                toParser(grammar as Grammar<unknown>, agreed, { profile: 'canonical' }),
                bytes(order),
              ),
              dissect(grammar as Grammar<unknown>, agreed, bytes(order), { profile: 'canonical' }).result,
            ]
            expect(others.map((each) => (each._tag === 'Left' ? each : 'Right'))).to.deep.equal([
              read._tag === 'Left' ? read : 'Right',
              read._tag === 'Left' ? read : 'Right',
            ])
          }),
          { numRuns: 40 },
        )
      }
    }
  })

  it('are shown as JSON and read back', () => {
    for (const { grammar, given, value, bytes } of collections) {
      const shown = rightOf(toJson(grammar as Grammar<unknown>, given, value(texts)))
      const back = rightOf(fromJson(grammar as Grammar<unknown>, given, rightOf(parseJson(printJson(shown)))))
      expect(rightOf(compile(grammar as Grammar<unknown>, given).encode(back))).to.deep.equal(
        bytes(texts.map((_, i) => i)),
      )
    }
  })
})
