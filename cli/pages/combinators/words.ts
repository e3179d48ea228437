import type { Protocol } from '../../../combinators/protocol.js'

/** A combinator, with an example that the page encodes: its two texts are JavaScript expressions. */
export interface Word {
  readonly word: string
  readonly line: string
  /** A grammar made with it, and a value of that; none for functions that make no grammar. */
  readonly example?: {
    readonly grammar: string
    readonly value: string
    readonly protocol?: Partial<Protocol>
  }
}

export interface WordGroup {
  readonly title: string
  readonly about: string
  readonly words: ReadonlyArray<Word>
}

const word = (
  name: string,
  line: string,
  grammar: string,
  value: string,
  protocol?: Partial<Protocol>,
): Word => ({
  word: name,
  line,
  example: { grammar, value, ...(protocol === undefined ? {} : { protocol }) },
})

const helper = (name: string, line: string): Word => ({ word: name, line })

const integers: WordGroup = {
  title: 'Integers',
  about: 'Eight bytes, little endian, whatever the range.',
  words: [
    word('u64', '0 to 2^64−1, as a `bigint`', 'u64', '7n'),
    word('u63', '0 to 2^63−1, as a `bigint`', 'u63', '1795321890n'),
    word('u32', '0 to 2^32−1', 'u32', '443'),
    word('u8', '0 to 255', 'u8', '3'),
    word('size', '0 to 2^53−1: a count or a length', 'size', '2 ** 40'),
    word('intUpTo', '0 to a maximum of your own', 'intUpTo(100)', '40'),
    word('lowBits', 'an integer below 2^32 of which only the low bits count', 'lowBits(16)', '293'),
    word('i64', '−2^63 to 2^63−1, two’s complement, as a `bigint`', 'i64', '-2n'),
    word('i32', '−2^31 to 2^31−1', 'i32', '-421'),
    word('i16', '−2^15 to 2^15−1', 'i16', '-2'),
    word('i8', '−128 to 127', 'i8', '-1'),
  ],
}

const booleans: WordGroup = {
  title: 'Booleans',
  about: 'An integer that means yes or no, or several of these in one.',
  words: [
    word('bool32', '0 is false, any other number below 2^32 is true', 'bool32', 'true'),
    word('bool64', '0 is false, any other number is true', 'bool64', 'false'),
    word('strictBool', '0 is false, 1 is true, nothing else is valid', 'strictBool', 'true'),
    word(
      'flagsOf',
      'one bit for each name; the value has a boolean for each',
      'flagsOf(u8, { frost: 1, wind: 2 })',
      '{ frost: false, wind: true }',
    ),
  ],
}

const texts: WordGroup = {
  title: 'Texts',
  about: 'The length in bytes, the bytes, zeros up to a multiple of eight.',
  words: [
    word('utf8', 'a text in UTF-8', 'utf8', "'tea'"),
    word('escapedText', 'a text that survives bytes that are not UTF-8', 'escapedText', "'caf\\udce9'"),
    word(
      'text',
      'a text with a [format](guide/text-formats.md), such as a store path',
      'text(HashAlgorithm.format)',
      "'sha256'",
    ),
    word('limited', 'a text, or bytes, with a maximal length', 'limited(20, utf8)', "'tea'"),
    word(
      'optional',
      'a text that may be absent: the empty one means none',
      'optional(text(HashAlgorithm.format))',
      'none',
    ),
    helper('alphabet', 'the characters of ranges such as `a-z0-9`, for the syntax of a text format'),
  ],
}

const bytes: WordGroup = {
  title: 'Bytes',
  about: 'Values are `Uint8Array`s, and copies of the input.',
  words: [
    word(
      'paddedBytes',
      'the length, the bytes, zeros up to a multiple of eight',
      'paddedBytes',
      "bytesOf('cafe')",
    ),
    word(
      'rawBytes',
      'a known number of bytes, without a length or padding',
      'rawBytes(4)',
      "bytesOf('cafebabe')",
    ),
    word('restBytes', 'all that is left of the message', 'restBytes', "bytesOf('ffd8')"),
    word(
      'framed',
      'a value cut into frames: length and bytes, and a length of 0 at the end',
      'framed(u64)',
      '7n',
    ),
    word(
      'withBytes',
      'a value and a copy of the bytes it was read from',
      'withBytes(u8)',
      "{ value: 7, bytes: bytesOf('') }",
    ),
  ],
}

const records: WordGroup = {
  title: 'Records',
  about: 'Fields one after another, with nothing between them.',
  words: [
    word(
      'struct',
      'named fields, as an object',
      "struct('Cup', { leaf: utf8, milk: u8 })",
      "{ leaf: 'mint', milk: 2 }",
    ),
    word(
      'pick',
      'some fields of a struct, for another one',
      "struct('Leaf', pick(struct('Cup', { leaf: utf8, milk: u8 }), 'leaf'))",
      "{ leaf: 'mint' }",
    ),
    word('tuple', 'fields without names, as an array', 'tuple(u8, utf8)', "[2, 'mint']"),
    word(
      'literal',
      'a constant that must be there; not in the value',
      "struct('Hello', { magic: literal(u32, 0x72746877), id: u8 })",
      '{ id: 3 }',
    ),
    word(
      'literal',
      'a constant that a reader skips',
      "struct('Hello', { reserved: literal(u32, 0, { ignored: true }), id: u8 })",
      '{ id: 3 }',
    ),
  ],
}

const collections: WordGroup = {
  title: 'Collections',
  about: 'Many items of one kind.',
  words: [
    word('listOf', 'a count and the items; with `{ length }` no count', 'listOf(u8)', '[5, 5]'),
    word('listOf', 'a known number of items, without a count', 'listOf(u8, { length: 2 })', '[5, 5]'),
    word('setOf', 'a count and the items in ascending order, each once', 'setOf(utf8)', "['a', 'b']"),
    word(
      'mapOf',
      'a count and pairs of key and value, ascending by key, as a `Map`',
      'mapOf(utf8, u8)',
      "new Map([['a', 7]])",
    ),
    word('listToEnd', 'items up to the end of the message', 'listToEnd(u8)', '[5, 5]'),
    word(
      'until',
      'a mark before each item, and another one at the end',
      'until(u8, { next: 1, end: 0 }, utf8)',
      "['a']",
    ),
  ],
}

const choices: WordGroup = {
  title: 'Choices',
  about: 'An integer or a text says which of several things comes.',
  words: [
    word('enumOf', 'a name for each number', 'enumOf(u8, { Off: 0, On: 1 })', "'On'"),
    word('enumOf', 'a name for each text', "enumOf(utf8, { Off: 'off', On: 'on' })", "'On'"),
    word(
      'openEnumOf',
      'names for some numbers; the others stay numbers',
      'openEnumOf(u8, { Off: 0, On: 1 })',
      '7',
    ),
    word(
      'tagged',
      'a tag, then the fields of its case; a union of objects',
      "tagged('is', u8, { Ping: [0, {}], Text: [1, { text: utf8 }] })",
      "{ is: 'Text', text: 'tea' }",
    ),
    word(
      'tagged',
      'the same, with a case for any other tag',
      "tagged('is', u8, { Ok: [0, {}] }, { No: ['code', { why: utf8 }] })",
      "{ is: 'No', code: 4, why: 'frost' }",
    ),
    word('optionalByTag', '0 for none, or 1 and a value', 'optionalByTag(u8, utf8)', "some('tea')"),
    word(
      'optionalByOpenTag',
      '0 for none, 1 and a value, or another number',
      'optionalByOpenTag(u8, utf8)',
      '5',
    ),
    word(
      'optionalEnumOf',
      'a number for none, or a name for each other number',
      'optionalEnumOf(u8, 0, { On: 1 })',
      'none',
    ),
  ],
}

const old = { version: '1.1', features: [] } as const
const current = { version: '1.2', features: ['milk'] } as const

const versions: WordGroup = {
  title: 'Versions and features',
  about: 'A gate is a question about what both sides agreed on; it decides what is on the wire.',
  words: [
    word(
      'versioned',
      'a field that only some versions have, and its value in the others',
      "versioned(since('1.2'), u8, 0)",
      '7',
      current,
    ),
    word(
      'byProtocol',
      'one value with several forms on the wire',
      "byProtocol([[since('1.2'), u8]], literal(u8, 9))",
      '7',
      current,
    ),
    word('pure', 'nothing on the wire; always the same value', 'pure(0)', '0'),
    word(
      'under',
      'the form of a fixed version, whatever was agreed on',
      "under({ version: '1.1', features: [] }, versioned(since('1.2'), u8, 0))",
      '0',
      current,
    ),
    word(
      'defaults',
      'the version and features if none are given',
      "defaults({ version: '1.2', features: [] }, versioned(since('1.2'), u8, 0))",
      '7',
    ),
    word('since', 'a gate: this version or a newer one', "versioned(since('1.2'), u8, 0)", '0', old),
    word('before', 'a gate: an older version than this', "versioned(before('1.2'), u8, 0)", '7', old),
    word('feature', 'a gate: both sides have the feature', "versioned(feature('milk'), u8, 0)", '7', current),
    word(
      'allOf',
      'a gate: all of these hold',
      "versioned(allOf(since('1.2'), feature('milk')), u8, 0)",
      '7',
      current,
    ),
    word(
      'anyOf',
      'a gate: one of these holds',
      "versioned(anyOf(since('1.3'), feature('milk')), u8, 0)",
      '7',
      current,
    ),
    word('not', 'a gate: the other does not hold', "versioned(not(feature('milk')), u8, 0)", '0', current),
    helper('gatesOf', 'gates that belong to one protocol, so that no other can ask them'),
    helper('holds', 'whether a gate holds for a version and features'),
    helper('showGate', 'a gate in words'),
    helper('protocol', 'a version, features and a store directory, checked'),
    helper('parseVersion', 'a version from its text, as in `1.38`'),
    helper('versionBits', 'a version as the integer of a handshake'),
    helper('versionFromBits', 'the version of an integer of a handshake'),
    helper('ordVersion', 'the order of versions'),
  ],
}

const recursion: WordGroup = {
  title: 'Recursion',
  about: 'A grammar that refers to itself. The depth of a message is limited.',
  words: [
    word(
      'lazy',
      'a grammar that is defined further down',
      "lazy(() => struct('Leaf', { name: utf8 }))",
      "{ name: 'mint' }",
    ),
  ],
}

const views: WordGroup = {
  title: 'Views',
  about: 'The same bytes, with another value or another name.',
  words: [
    word(
      'imap',
      'another form of the value; either direction may reject',
      'imap(u8, (tenths) => right(tenths / 10), (degrees) => right(degrees * 10))',
      '2.5',
    ),
    word(
      'refine',
      'only the values that a predicate accepts',
      "refine(u8, 'an even number', (n) => n % 2 === 0)",
      '4',
    ),
    word('named', 'a name for issues and pages', "named('Milk', u8)", '2'),
    word('summarised', 'a sentence for pages', "summarised('drops of milk', u8)", '2'),
  ],
}

const tools: WordGroup = {
  title: 'Beside grammars',
  about: 'What helps to work with grammars, bytes and issues.',
  words: [
    helper('bytesOf', 'bytes from hexadecimal digits; spaces are skipped'),
    helper('hexOf', 'the hexadecimal digits of bytes'),
    helper('bounds', 'how many bytes a grammar takes at least and at most'),
    helper('isGrammar', 'whether a value is a grammar'),
    helper('nodeName', 'what a part of a grammar is called'),
    helper('showFieldPath', 'a path in words, as in `references[3]`'),
    helper('showIssue', 'an issue on one line'),
  ],
}

/** All exports of `nix-wire/combinators`, in the order of the page and of the reference. */
export const wordGroups: ReadonlyArray<WordGroup> = [
  integers,
  booleans,
  texts,
  bytes,
  records,
  collections,
  choices,
  versions,
  recursion,
  views,
  tools,
]
