import { expect } from 'chai'
import { parse } from 'yaml'
import {
  allOf,
  anyOf,
  before as beforeVersion,
  byProtocol,
  enumOf,
  feature,
  intUpTo,
  listOf,
  literal,
  not,
  openEnumOf,
  since,
  struct,
  summarised,
  text,
  u8,
  u32,
  u64,
  utf8,
  versioned,
} from '../../../combinators/index.js'
import { toKaitai, toKaitaiFiles } from '../../../interpreters/index.js'
import { printYaml, type Yaml } from '../../../interpreters/kaitai/yaml.js'
import * as T from '../../../types/index.js'

interface Field {
  readonly id: string
  readonly '-orig-id'?: string
  readonly type?: unknown
  readonly if?: string
  readonly valid?: unknown
  readonly doc?: string
}

interface Type {
  readonly doc?: string
  readonly params?: ReadonlyArray<Field>
  readonly seq?: ReadonlyArray<Field>
  readonly enums?: unknown
  readonly types: { readonly [name: string]: Type }
}

const printed = (...args: Parameters<typeof toKaitai>): Type => parse(toKaitai(...args)) as Type

const fieldsOf = ({ seq = [] }: Type): ReadonlyArray<string> => seq.map(({ id }) => id)

const Pot = struct('Pot', {
  cups: u8,
  lid: versioned(since('1.2'), u64, 0n),
  milk: versioned(allOf(feature('milk'), not(beforeVersion('1.1'))), u8, 0),
})

describe('a grammar printed for Kaitai Struct', () => {
  it('prints a text as its length, its bytes and zeros', () => {
    expect(toKaitai(utf8, undefined, 'word').split('types:')[0]).to.equal(`meta:
  id: word
  title: word
  ks-version: '0.11'
  endian: le
doc: |
  Printed from its grammar; not edited by hand. Integers are eight bytes, little endian.
-webide-representation: '{value}'
seq:
  - id: len
    type: u8
    valid:
      max: 67108864
  - id: value
    size: len
    type: str
    encoding: UTF-8
  - id: padding
    type: zero_byte
    repeat: expr
    repeat-expr: (8 - len % 8) % 8
`)
  })

  it('prints its gates as parameters and conditions', () => {
    const { params = [], seq = [], types } = printed(Pot)
    expect(params.map(({ id, type }) => [id, type])).to.deep.equal([
      ['version', 'u2'],
      ['has_milk', 'bool'],
    ])
    expect(seq.map((field) => field.if)).to.deep.equal([
      undefined,
      'version >= 0x102',
      '(has_milk) and (not (version < 0x101))',
    ])
    expect(seq[1]?.doc).to.equal('If protocol version 1.2 or above; otherwise it is 0.\n')
    expect(types.message?.seq?.[0]?.type).to.equal('pot(version, has_milk)')
  })

  it('prints no gates that a protocol decides', () => {
    const { params, seq = [], doc } = printed(Pot, { version: '1.2', features: [] })
    expect(params).to.equal(undefined)
    expect(seq.map(({ id, if: gate }) => [id, gate])).to.deep.equal([
      ['cups', undefined],
      ['lid', undefined],
    ])
    expect(doc).to.include('Milk is not sent: it is 0.')
    expect(doc).to.include('under version 1.2 and the features none')
  })

  it('prints the forms of a value side by side, of which one is present', () => {
    const Form = byProtocol(
      [
        [feature('wide'), u32],
        [anyOf(since('1.2'), feature('old')), intUpTo(9)],
      ],
      u8,
    )
    const { seq = [] } = printed(struct('Forms', { form: Form })).types.forms_form!
    expect(seq.map(({ id, if: gate }) => [id, gate])).to.deep.equal([
      ['with_wide', 'has_wide'],
      ['form', '(not (has_wide)) and ((version >= 0x102) or (has_old))'],
      ['otherwise', 'not ((has_wide) or ((version >= 0x102) or (has_old)))'],
    ])
  })

  it('checks that a tag is one of the enum, if others are not kept', () => {
    const closed = printed(enumOf(u8, { Black: 0, 'Earl Grey': 7 }), undefined, 'tea')
    expect(closed.seq?.[0]?.valid).to.deep.equal({ 'in-enum': true })
    expect(closed.enums).to.deep.equal({
      tag: { 0: { id: 'black', '-orig-id': 'Black' }, 7: { id: 'earl_grey', '-orig-id': 'Earl Grey' } },
    })
    expect(printed(openEnumOf(u8, { Black: 0 })).seq?.[0]?.valid).to.deep.equal({ expr: '_.to_i <= 255' })
  })

  it('checks the length and the beginning of a text of fixed form', () => {
    const valid = (grammar: Parameters<typeof toKaitai>[0]): unknown =>
      printed(grammar).seq?.map((field) => field.valid)
    expect(valid(text(T.StorePathHash.format))).to.deep.equal([{ eq: 32 }, undefined, undefined])
    const Pantry = {
      ...T.StorePathHash.format,
      pattern: [
        { _tag: 'literal', text: 'jar-' },
        { _tag: 'chars', alphabet: 'ab', min: 1, max: 9 },
      ],
    } as const
    expect(valid(text(Pantry))).to.deep.equal([
      { min: 5, max: 13 },
      { expr: '_.substring(0, 4) == "jar-"' },
      undefined,
    ])
    // The format also reads other forms of a hash.
    expect(valid(text(T.NARHash.format))).to.deep.equal([{ max: 67108864 }, undefined, undefined])
  })

  it('describes a constant, and checks it if it counts', () => {
    const { seq = [] } = printed(
      struct('Hello', {
        magic: literal(u64, 0x6e6978n),
        word: literal(utf8, 'tea'),
        old: literal(u8, 1, { ignored: true }),
      }),
    )
    expect(seq[0]?.valid).to.deep.equal({ eq: 0x6e6978 })
    expect(seq[1]).to.deep.include({ contents: [3, 0, 0, 0, 0, 0, 0, 0, 0x74, 0x65, 0x61, 0, 0, 0, 0, 0] })
    expect(seq[2]?.doc).to.equal('Sent as 1, and ignored when read.\n')
  })

  it('has names that are valid in every language, each once, and shows the original names', () => {
    const file = printed(
      struct('Odd', { class: u8, 'it is': u8, itIs: u8, it_is: u8, Ä: u8, '9a': u8, version: Pot }),
    )
    expect(fieldsOf(file)).to.deep.equal([
      'class_field',
      'it_is',
      'it_is_field',
      'it_is_field_2',
      'n',
      'n_9a',
      'version_field',
    ])
    expect(file.seq?.[0]?.['-orig-id']).to.equal('class')
  })

  it('has one type for all lists of the same items', () => {
    const { types } = printed(struct('Lists', { a: listOf(utf8), b: listOf(utf8), c: listOf(listOf(utf8)) }))
    expect(Object.keys(types)).to.deep.equal([
      'message',
      'list_of_list_of_utf8',
      'list_of_utf8',
      'utf8',
      'zero_byte',
    ])
  })

  it('rejects two features whose names are the same here', () => {
    const Two = struct('Two', { a: versioned(feature('a-b'), u8, 0), b: versioned(feature('a_b'), u8, 0) })
    expect(() => toKaitai(Two)).to.throw(TypeError, 'has_a_b')
    expect(() => toKaitai(Two, { features: [] })).not.to.throw()
  })

  it('rejects a protocol that lacks what is needed, and anything but a grammar', () => {
    expect(() => toKaitai(Pot, {})).to.throw(TypeError, 'depends on a version')
    expect(() => toKaitai({} as typeof Pot)).to.throw(TypeError, 'must be a grammar')
    expect(() => toKaitaiFiles('all', [['Pot', {} as typeof Pot]])).to.throw(
      TypeError,
      'Pot in toKaitaiFiles',
    )
  })
})

describe('several grammars printed for Kaitai Struct', () => {
  const Shelf = struct('Shelf', { pots: listOf(Pot), label: utf8 })

  it('import each other, pass on parameters, and stand in one file together', () => {
    const files = toKaitaiFiles('kitchen', [
      ['Shelf', Shelf],
      ['Pot', Pot],
      ['Same pot', Pot],
      ['Kitchen', u8],
    ])
    expect([...files.keys()]).to.deep.equal([
      'shelf.ksy',
      'pot.ksy',
      'same_pot.ksy',
      'kitchen_type.ksy',
      'kitchen.ksy',
    ])
    const shelf = parse(files.get('shelf.ksy')!) as Type & { readonly meta: { readonly imports: unknown } }
    expect(shelf.meta.imports).to.deep.equal(['pot'])
    expect(shelf.types.list_of_pot?.seq?.[1]?.type).to.equal('pot(version, has_milk)')
    const kitchen = parse(files.get('kitchen.ksy')!) as Type
    expect(kitchen.types).to.include.keys('shelf', 'pot', 'same_pot', 'kitchen_type')
  })
})

describe('the YAML of a file', () => {
  it('reads back as printed', () => {
    const texts = [
      'yes',
      'Null',
      '~',
      '1.5',
      '0x10',
      '- a',
      'a: b',
      'a #b',
      "it's",
      '"',
      '\\',
      '',
      ' a ',
      'a,b',
      '[a]',
      '{a}',
      '&a',
      '*a',
      '!a',
      '%a',
      '@a',
      '`a',
      'a\tb',
      '\u0085',
      '\ufeff',
      'ä',
      '\u{1f600}',
      '_ == 0 or (_ >= 1)',
      '-',
      '?',
      '<<',
    ]
    const file = { a: texts, b: { c: texts.map((each) => ({ d: each, e: [1n, 2] })), f: true } }
    const seen = (value: unknown): unknown =>
      JSON.parse(JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? Number(each) : each)))
    expect(parse(printYaml(file as unknown as { readonly [key: string]: Yaml }))).to.deep.equal(
      seen({
        ...file,
        a: texts.map(shown),
        b: { ...file.b, c: texts.map((d) => ({ d: shown(d), e: [1, 2] })) },
      }),
    )
  })

  it('has no invisible characters', () => {
    const Sly = summarised('a\u001b[31m \u202e text\r\nwith lines', struct('Sly', { 'a\u0007': utf8 }))
    expect(toKaitai(Sly).replaceAll('\n', '')).not.to.match(/[\p{Cc}\p{Cf}]/u)
  })
})

/** What cannot be seen is said by its number. */
const shown = (each: string): string =>
  each.replace(/[\p{Cc}\p{Cf}]/gu, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`)
