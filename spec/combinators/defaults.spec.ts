import { expect } from 'chai'
import { expectTypeOf } from 'expect-type'
import { left, right } from 'fp-ts/lib/Either.js'
import {
  allOf,
  bytesOf,
  defaults,
  feature,
  type Grammar,
  lazy,
  listOf,
  named,
  not,
  optional,
  type Protocol,
  pick,
  since,
  struct,
  type TextFormat,
  text,
  u8,
  under,
  utf8,
  versioned,
} from '../../combinators/index.js'
import { TolerantReading } from '../../interpreters/dissect/index.js'
import { compile, toMarkdown } from '../../interpreters/index.js'
import { checkLaws, describeLaws } from '../../laws/index.js'
import { CollectingSink, MockReader, MockWriter, NixReader, NixWriter } from '../../stream/index.js'
import { rightOf } from '../support/either.js'

/** A protocol of a tea kitchen: cups, a lid since 1.2, milk where both have it, and a place on the shelf. */
const Lid = versioned(since('1.2'), u8, 0)
const Milk = versioned(feature('milk'), u8, 0)
const Pot = struct('Pot', { cups: u8, lid: Lid })

/** A place on the shelf: what stands behind the directory. */
const shelf: TextFormat<{ readonly place: string }> = {
  name: 'ShelfPlace',
  summary: 'a place on the shelf',
  value: 'structure',
  asks: 'storeDir',
  parse: (text, { storeDir }) =>
    text.startsWith(`${storeDir}/`)
      ? right({ place: text.slice(storeDir.length + 1) })
      : left({ position: 0, expected: `a place in ${storeDir}`, actual: text }),
  print: ({ place }, { storeDir }) => right(`${storeDir}/${place}`),
}
const Place = text(shelf)

const placed = (of: string, { storeDir }: Protocol) =>
  of.startsWith(storeDir) && /^\/[abc]{1,9}$/.test(of.slice(storeDir.length))
    ? right(of)
    : left({ position: 0, expected: `a place in ${storeDir}`, actual: of })
const PatternPlace = text<string>({
  name: 'PatternPlace',
  summary: 'a place on the shelf',
  value: 'text',
  pattern: [
    { _tag: 'storeDir' },
    { _tag: 'literal', text: '/' },
    { _tag: 'chars', alphabet: 'abc', min: 1, max: 9 },
  ],
  parse: placed,
  print: placed,
})

const [one, two] = ['0100000000000000', '0200000000000000']

const said = (act: () => unknown): string => {
  try {
    act()
  } catch (error) {
    expect(error).to.be.instanceOf(TypeError)
    return (error as Error).message
  }
  throw new Error('nothing was thrown')
}

const thrownBy = async (act: () => Promise<unknown>): Promise<string> => {
  try {
    await act()
  } catch (error) {
    return (error as Error).message
  }
  throw new Error('nothing was thrown')
}

describe('a grammar that depends on more of the protocol than is given', () => {
  it('is rejected by the codec, which names the gate and what to pass', () => {
    expect(said(() => compile(Pot))).to.equal(
      'Pot depends on a version (protocol version 1.2 or above), but compile was given none: pass ' +
        "{ version: '1.2' }, or give the grammar a default: defaults({ version: '1.2' }, …)",
    )
    expect(said(() => compile(struct('Cup', { milk: Milk }), { version: '1.3' }))).to.include(
      'Cup depends on features (feature milk), but compile was given none: pass { features: [] },',
    )
    const Both = struct('Both', { lid: versioned(allOf(since('1.2'), not(feature('open'))), u8, 0) })
    expect(said(() => compile(Both))).to.include(
      'Both depends on a version (protocol version 1.2 or above) and features (feature open), but compile was given none: ' +
        "pass { version: '1.2', features: [] },",
    )
  })

  it('is rejected for a text format that needs the store directory, or whose pattern does', () => {
    for (const [grammar, name] of [
      [Place, 'ShelfPlace'],
      [PatternPlace, 'PatternPlace'],
      [optional(PatternPlace), 'PatternPlace'],
    ] as const) {
      expect(said(() => compile<unknown>(grammar as Grammar<unknown>, { version: '1.2' }))).to.include(
        `depends on a store directory (the text format ${name}), but compile was given none: pass { storeDir: '/a/dir' },`,
      )
    }
  })

  it('is rejected for a text format that depends on the version', () => {
    const format = text({ ...shelf, gates: [since('1.4')] })
    expect(said(() => compile(format, { storeDir: '/shelf' }))).to.include(
      'a version (the text format ShelfPlace, protocol version 1.4 or above)',
    )
  })

  it('is rejected by readers and writers on first use, not before', async () => {
    const words = /Pot depends on a version .*, but its reader or writer was given none/
    const wire = bytesOf(one + two)
    for (const reader of [new NixReader([wire]), new MockReader().number(1n).number(2n)]) {
      expect(await reader.promises.readValue(struct('Cups', {}))).to.deep.equal({})
      expect(await thrownBy(() => reader.promises.readValue(Pot))).to.match(words)
      reader.setProtocol({ version: '1.2' })
      expect(await reader.promises.readValue(Pot)).to.deep.equal({ cups: 1, lid: 2 })
    }
    const sink = new CollectingSink()
    for (const writer of [new NixWriter(sink), new MockWriter().number(1n).number(2n)]) {
      expect(await thrownBy(() => writer.promises.writeValue(Pot, { cups: 1, lid: 2 }))).to.match(words)
      writer.setProtocol({ version: '1.2' })
      await writer.promises.writeValue(Pot, { cups: 1, lid: 2 })
    }
    expect(said(() => new TolerantReading(Pot, {}))).to.include('Pot depends on a version')
  })

  it('is rejected by the laws only for what they cannot find in the grammar', async () => {
    expect(await checkLaws(Pot, { runs: 1, seed: 1 })).to.deep.equal([])
    let message = ''
    await checkLaws(PatternPlace, { runs: 1 }).catch((error: unknown) => {
      message = (error as Error).message
    })
    expect(message).to.include('(the text format PatternPlace), but checkLaws was given none')
    expect(said(() => describeLaws(PatternPlace))).to.include('but describeLaws was given none')
    expect(await checkLaws(PatternPlace, { runs: 1, seed: 1, storeDir: '/shelf' })).to.deep.equal([])
  })

  it('is rejected wherever it occurs, except where the protocol is fixed', () => {
    expect(said(() => compile(named('Deep', listOf(lazy(() => Pot)))))).to.include(
      'Deep depends on a version',
    )
    expect(compile(under({ version: '1.2', features: [] }, Pot)).decode(bytesOf(one + two))).to.deep.equal(
      right({ cups: 1, lid: 2 }),
    )
    expect(toMarkdown('Pot', Pot)).to.include('1.2')
  })

  it('is rejected on first use if it is defined further down than the codec', () => {
    const Shelf: Grammar<{ readonly later: { readonly lid: number } }> = struct('Shelf', {
      later: lazy(() => Later),
    })
    const codec = compile(Shelf, { features: [] })
    const Later = struct('Later', { lid: versioned(since('1.7'), u8, 0) })
    expect(said(() => codec.decode(bytesOf(one)))).to.include('protocol version 1.7 or above')
    expect(said(() => compile(Shelf))).to.include(
      'Shelf depends on a version (protocol version 1.7 or above)',
    )
  })

  it('needs no protocol if it does not depend on one', () => {
    const codec = compile(struct('Cup', { tea: utf8 }))
    expect(codec.encode({ tea: '' })).to.deep.equal(right(bytesOf('0000000000000000')))
    expect(codec.protocol).to.deep.equal({})
  })
})

describe('defaults', () => {
  const Usual = defaults({ version: '1.3', features: ['milk'] }, Pot)

  it('hold if nothing else is given, part by part', () => {
    const All = defaults(
      { version: '1.3', features: [], storeDir: '/shelf/' },
      struct('All', { Lid, Milk, Place }),
    )
    expect(compile(All).protocol).to.deep.equal({ version: '1.3', features: [], storeDir: '/shelf' })
    expect(compile(All, { features: ['milk'] }).protocol).to.deep.equal({
      version: '1.3',
      features: ['milk'],
      storeDir: '/shelf',
    })
    expect(
      rightOf(compile(All, { version: '1.1' }).encode({ Lid: 0, Milk: 0, Place: { place: 'a' } })).length,
    ).to.equal(16)
  })

  it('hold for a grammar around it too', () => {
    const Tray = struct('Tray', { pots: listOf(Usual), lid: Lid })
    expect(compile(Tray).decode(bytesOf(one + one + two + two))).to.deep.equal(
      right({ pots: [{ cups: 1, lid: 2 }], lid: 2 }),
    )
  })

  it('stay with a field that is picked or spread', () => {
    const Own = struct('Own', { lid: defaults({ version: '1.2' }, Lid) })
    expect(compile(struct('Other', pick(Own, 'lid'))).decode(bytesOf(one))).to.deep.equal(right({ lid: 1 }))
    expect(Object.keys(defaults({ version: '1.2' }, Own).fields)).to.deep.equal(['lid'])
  })

  it('are overridden by those further out', () => {
    expect(compile(defaults({ version: '1.1' }, listOf(Usual))).protocol.version).to.equal('1.1')
    expect(compile(defaults({ version: '1.1' }, Usual)).protocol).to.deep.equal({
      version: '1.1',
      features: ['milk'],
    })
  })

  it('have no effect if the parts have different ones and nothing is given', () => {
    const Other = defaults({ version: '1.4' }, struct('Other', { lid: Lid }))
    const Torn = struct('Torn', { a: Usual, b: Other })
    expect(said(() => compile(Torn))).to.equal(
      'Torn depends on a version (protocol version 1.2 or above), compile was given none, and its parts have different ' +
        `defaults: "1.3" and "1.4": pass { version: '1.2' }`,
    )
    expect(compile(Torn, { version: '1.2' }).protocol.version).to.equal('1.2')
    expect(compile(defaults({ version: '1.2' }, Torn)).protocol.version).to.equal('1.2')
    // A default that no gate needs does not conflict.
    const Fixed = under({ version: '1.0', features: [] }, defaults({ version: '1.0' }, Pot))
    expect(compile(struct('Fine', { a: Usual, b: Fixed })).protocol.version).to.equal('1.3')
  })

  it('of a store directory still hold under a fixed version', () => {
    const Old = under(
      { version: '1.1', features: [] },
      defaults({ storeDir: '/shelf' }, versioned(since('1.2'), Place, { place: 'none' })),
    )
    const New = under(
      { version: '1.2', features: [] },
      defaults({ storeDir: '/shelf' }, versioned(since('1.2'), Place, { place: 'none' })),
    )
    expect(rightOf(compile(Old).encode({ place: 'none' })).length).to.equal(0)
    expect(rightOf(compile(New).encode({ place: 'a' })).length).to.equal(16)
  })

  it('may belong to a text format', () => {
    const codec = compile(text({ ...shelf, defaults: { storeDir: '/shelf' } }))
    expect(codec.protocol).to.deep.equal({ storeDir: '/shelf' })
  })

  it('are checked when they are declared', () => {
    expect(() => defaults({ version: '1' as '1.1' }, Pot)).to.throw(RangeError, 'not a protocol version')
    expect(() => defaults({ storeDir: 'shelf' }, Pot)).to.throw(RangeError, 'not a store directory')
    expect(() => defaults({ versoin: '1.1' } as object, Pot)).to.throw(TypeError, '"versoin"')
  })

  it('do not change the type', () => {
    expectTypeOf(Usual).toEqualTypeOf(Pot)
    // @ts-expect-error a protocol has no such part
    expect(() => defaults({ edition: 3 }, Pot)).to.throw(TypeError)
    // @ts-expect-error a version is two numbers
    expect(() => defaults({ version: 'newest' }, Pot)).to.throw(RangeError)
  })

  describeLaws(struct('Kitchen', { usual: Usual, lid: Lid }), { runs: 10 })
})
