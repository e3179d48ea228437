import { expect } from 'chai'
import ts from 'typescript'
import { type PublicExport, publicExports } from '../support/public-exports.js'
import { projectPath } from '../support/shared.js'
import { entryPoints, specifierOf } from './entry-points.js'

const { checker, exports } = publicExports(entryPoints())

const of = (entry: string): ReadonlyArray<PublicExport> => exports.filter((each) => each.entry === entry)
const namesOf = (entry: string): ReadonlyArray<string> => of(entry).map(({ name }) => name)

/** Names that several entry points export. Anything else has one home. */
interface Group {
  readonly entries: ReadonlyArray<string>
  readonly reason: string
  readonly names: ReadonlyArray<string>
}

/** One thing, exported more than once. */
const repeated: ReadonlyArray<Group> = [
  {
    entries: ['', 'combinators'],
    reason: 'one import for most programs; a library of grammars names no interpreter',
    names: namesOf('combinators'),
  },
  {
    entries: ['', 'interpreters'],
    reason: 'every program compiles its grammars and shows issues; the interpreters are in one place',
    names: ['Codec', 'CompileOptions', 'compile', 'Excerpt', 'explain', 'Limits', 'OnCode', 'Profile'],
  },
]

/** Two things with one name. */
const namesakes: ReadonlyArray<Group> = [
  {
    entries: ['grammar', 'types'],
    reason:
      "a type of the specification: how it lies on the wire, and its text's codec; both have the one type",
    names: [
      'BaseStorePath',
      'ContentAddress',
      'ContentAddressMethodWithAlgo',
      'DerivedPath',
      'HashAlgorithm',
      'HashDigest',
      'NARHash',
      'OutputName',
      'Path',
      'Signature',
      'StorePath',
      'StorePathHash',
      'StorePathName',
    ],
  },
  {
    entries: ['grammar', 'types'],
    reason:
      'a type of the specification: how it lies on the wire, and the type of its values, which is no single text',
    names: ['DerivationOutput', 'DrvOutput', 'Realisation', 'SingleDerivedPath'],
  },
  {
    entries: ['', 'combinators', 'grammar'],
    reason: 'a grammar has the name of the specification, and its values are of the type of that name',
    names: ['ProtocolVersion'],
  },
]

/** `name: entries`, in an order of its own. */
const listed = (groups: ReadonlyArray<Group>): ReadonlyArray<string> =>
  groups
    .flatMap(({ names, entries }) => names.map((name) => `${name}: ${entries.map(specifierOf).join(', ')}`))
    .sort()

const gathered = <K>(key: (of: PublicExport) => K): ReadonlyMap<K, ReadonlyArray<PublicExport>> => {
  const found = new Map<K, PublicExport[]>()
  for (const each of exports) {
    found.set(key(each), [...(found.get(key(each)) ?? []), each])
  }
  return found
}

const foundIn = (name: string, found: ReadonlyArray<PublicExport>): string =>
  `${name}: ${[...new Set(found.map(({ entry }) => specifierOf(entry)))].join(', ')}`

const typeOf = (entry: string, name: string): ts.Type => {
  const { symbol } = of(entry).find((each) => each.name === name)!
  return checker.getDeclaredTypeOfSymbol(symbol)
}

const isType = (entry: string, name: string): boolean =>
  of(entry).some((each) => each.name === name && (each.symbol.flags & ts.SymbolFlags.Type) !== 0)

describe('each export of the entry points', () => {
  it('is exported once, except what the root repeats', () => {
    const found = [...gathered(({ symbol }) => symbol).values()]
      .filter((all) => all.length > 1)
      .map((all) => foundIn(all[0]!.name, all))
    expect(found.sort()).to.deep.equal(listed(repeated))
  })

  it('has one name only, also if it is an equal constant', async () => {
    const modules = await Promise.all(entryPoints().map((entry) => import(projectPath(entry, 'index.ts'))))
    const names = new Map<unknown, Set<string>>()
    const add = (thing: unknown, name: string): unknown =>
      names.set(thing, (names.get(thing) ?? new Set()).add(name))
    for (const { symbol, name } of exports) {
      add(symbol, name)
    }
    for (const [name, value] of modules.flatMap((module) => Object.entries(module))) {
      if (typeof value === 'function' || (typeof value === 'object' && value !== null)) {
        add(value, name)
      }
    }
    const several = [...names.values()].filter((all) => all.size > 1)
    expect(several.map((all) => [...all])).to.deep.equal([])
  })

  it('has a name of its own, except the types of the specification', () => {
    const found = [...gathered(({ name }) => name)]
      .filter(([, all]) => new Set(all.map(({ symbol }) => symbol)).size > 1)
      .map(([name, all]) => foundIn(name, all))
    expect(found.sort()).to.deep.equal(listed(namesakes))
  })

  it('has the same type in a grammar and a text of the same name, except a signature in a message, which may be any text', () => {
    const shared = namesakes.filter(({ entries }) => entries.includes('types')).flatMap(({ names }) => names)
    const different = shared.filter(
      (name) =>
        !isType('grammar', name) ||
        !isType('types', name) ||
        typeOf('grammar', name) !== typeOf('types', name),
    )
    expect(different).to.deep.equal(['Signature'])
  })
})
