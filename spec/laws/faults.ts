import { isLeft, isRight, map, right } from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { none, some } from 'fp-ts/lib/Option.js'
import {
  bool64,
  enumOf,
  escapedText,
  framed,
  type Grammar,
  imap,
  intUpTo,
  lazy,
  listOf,
  literal,
  mapOf,
  optional,
  paddedBytes,
  setOf,
  since,
  struct,
  text,
  u8,
  u32,
  u64,
  utf8,
  versioned,
} from '../../index.js'
import { compile } from '../../interpreters/compile/index.js'
import { StorePathName } from '../../types/index.js'
import {
  type Fault,
  fault,
  forgiving,
  instead,
  reading,
  refusing,
  twisted,
  whole,
  withSettings,
  writing,
  writingBytes,
} from './twists.js'

interface Tree {
  readonly label: bigint
  readonly children: ReadonlyArray<Tree>
}
const Tree: Grammar<Tree> = struct('Tree', { label: u64, children: listOf(lazy(() => Tree)) })

const Info = (since_: '1.16' | '1.17', otherwise = false) =>
  struct('Info', { size: u64, ultimate: versioned(since(since_), bool64, otherwise) })

const Person = struct('Person', { name: utf8, ages: listOf(intUpTo(150)) })
const Record = struct('Record', { one: literal(u32, 1, { ignored: true }), rest: u64 })
const names = setOf(utf8)
const ages = mapOf(utf8, u64)
const Name = optional(text(StorePathName.format))
const Colour = enumOf(u8, { Red: 0, Green: 1, Blue: 7 })

const lossy = new TextDecoder('utf-8', { ignoreBOM: true })
const withByte = (bytes: Uint8Array, at: number, value: number): Uint8Array => {
  bytes[at] = value
  return bytes
}

const asText = imap(
  paddedBytes,
  (bytes) => right(lossy.decode(bytes)),
  (value: string) => right(new TextEncoder().encode(value)),
)

/** Padding to the next multiple of 8, which for a multiple of 8 should be none. */
const overAligned = twisted('alignment off by one: eight zeros behind a multiple of 8', utf8, (codec) => {
  const surplus = (bytes: Uint8Array): boolean => bytes.length >= 8 && bytes[0]! % 8 === 0
  return {
    encode: (value) =>
      pipe(
        codec.encode(value),
        map((bytes) => (surplus(bytes) ? Uint8Array.of(...bytes, 0, 0, 0, 0, 0, 0, 0, 0) : bytes)),
      ),
    decode: (bytes) => codec.decode(surplus(bytes) ? bytes.subarray(0, -8) : bytes),
  }
})

export const faults: ReadonlyArray<Fault> = [
  forgiving('padding unchecked', utf8, 'NonZeroPadding', (bytes, { offset }) => withByte(bytes, offset, 0)),
  forgiving('the last padding byte unchecked', paddedBytes, 'NonZeroPadding', (bytes, { offset }) =>
    offset % 8 === 7 ? withByte(bytes, offset, 0) : bytes,
  ),
  overAligned,
  instead('gate one version off', Info('1.16'), Info('1.17')),
  instead('wrong default', Info('1.16'), Info('1.16', true)),
  fault(
    'a field that the protocol does not send is dropped in silence',
    Info('1.16'),
    (grammar, given, settings) => {
      const codec = compile(grammar, given, settings)
      const old = isLeft(codec.encode({ size: 0n, ultimate: true }))
      return { ...whole(codec), encode: (value) => codec.encode(old ? { ...value, ultimate: false } : value) }
    },
  ),
  reading('u32 read as i32', u32, (value) => value | 0),
  reading('u64 through a number', u64, (value) => BigInt(Number(value))),
  instead('integer range unchecked', intUpTo(100), u32),
  reading('byte order mark stripped', utf8, (value) => value.replace(/^\ufeff/, '')),
  fault('lossy UTF-8', utf8, (_, given, settings) => compile(asText, given, settings)),
  reading('bytes that are not UTF-8 lost', escapedText, (value) =>
    value.replace(/[\udc80-\udcff]/gu, '\ufffd'),
  ),
  writing('lone surrogates written as U+FFFD', utf8, (value) => value.toWellFormed()),
  instead(
    'the first of two map entries with one key kept, not the last',
    ages,
    mapOf(utf8, u64, { duplicates: 'first' }),
  ),
  twisted('duplicate items of a set dropped in silence', names, (codec) => ({
    encode: (value) => codec.encode([...new Set(value)]),
  })),
  fault('sorted by UTF-16', names, (grammar, given, settings) => {
    const codec = compile(grammar, given, settings)
    const list = compile(listOf(utf8), given, settings)
    return { ...whole(codec), encode: (value) => list.encode([...value].sort()) }
  }),
  fault('not sorted at all', names, (grammar, given, settings) => {
    const codec = compile(grammar, given, settings)
    const list = compile(listOf(utf8), given, settings)
    return {
      ...whole(codec),
      encode: (value) => (new Set(value).size < value.length ? codec.encode(value) : list.encode(value)),
    }
  }),
  reading('keys such as __proto__ lost', ages, (value) => {
    const object: { [key: string]: bigint } = {}
    for (const [key, each] of value) {
      object[key] = each
    }
    return new Map(Object.entries(object))
  }),
  withSettings('canonical profile accepts what is not in order', names, (settings) => ({
    ...settings,
    profile: 'compatible',
  })),
  withSettings('canonical profile passes over an ignored field', Record, (settings) => ({
    ...settings,
    profile: 'compatible',
  })),
  refusing('path of an issue without its last step', Person, (issue) => ({
    ...issue,
    path: issue.path.slice(0, -1),
  })),
  refusing('path of an issue counts items from 1', Person, (issue) => ({
    ...issue,
    path: issue.path.map((step) => (typeof step === 'number' ? step + 1 : step)),
  })),
  refusing('offset of a text where its length is', Person, (issue) =>
    issue._tag === 'NotUtf8' ? { ...issue, offset: issue.offset - 8 } : issue,
  ),
  refusing('offset counted from where reading began', Person, (issue) => ({
    ...issue,
    offset: issue.offset % 8,
  })),
  refusing('more bytes said to be missing than are', Person, (issue) =>
    issue._tag === 'UnexpectedEnd' ? { ...issue, missing: issue.missing + 8 } : issue,
  ),
  refusing('too few bytes taken for wrong ones', Person, (issue) => {
    if (issue._tag !== 'UnexpectedEnd') {
      return issue
    }
    const { missing: _, ...rest } = issue
    return { ...rest, _tag: 'OutOfRange' }
  }),
  twisted('trailing bytes ignored', Person, (codec) => ({
    decode: (bytes) =>
      pipe(
        codec.decodeAt(bytes, 0),
        map(({ value }) => value),
      ),
  })),
  twisted('a part of a buffer read from the start of the buffer', Person, (codec) => ({
    decodeAt: (bytes, at) => codec.decodeAt(new Uint8Array(bytes.buffer, 0, bytes.byteLength), at),
  })),
  twisted('read at multiples of 8 only', Person, (codec) => ({
    decodeAt: (bytes, at) => {
      const read = codec.decodeAt(bytes, at - (at % 8))
      return isRight(read) ? right({ ...read.right, next: read.right.next + (at % 8) }) : read
    },
  })),
  twisted('size off where the text has odd length', utf8, (codec) => ({
    size: (value) => codec.size(value) + (value.length % 2),
  })),
  twisted('size in characters', utf8, () => ({
    size: (value) => 8 + Math.ceil([...value].length / 8) * 8,
  })),
  writingBytes('bool written as 2', bool64, (bytes) => withByte(bytes, 0, bytes[0]! * 2)),
  writingBytes('count off by one', listOf(u64), (bytes) => withByte(bytes, 0, bytes[0]! + 1)),
  writingBytes('high half of a large integer not written', u64, (bytes) => bytes.fill(0, 4, 8)),
  reading('absent taken for an empty text', Name, (value) =>
    value._tag === 'None' ? (some('') as never) : value,
  ),
  reading('a text of one character taken for absent', Name, (value) =>
    value._tag === 'Some' && value.value.length === 1 ? none : value,
  ),
  withSettings('limits unchecked', Person, (settings) => ({ ...settings, limits: {} })),
  withSettings('depth unchecked', Tree, (settings) => ({
    ...settings,
    limits: { ...settings.limits, depth: 1000 },
  })),
  forgiving('an unknown tag taken for the first case', Colour, 'UnknownTag', (bytes, { offset }) =>
    withByte(bytes.fill(0, offset, offset + 8), offset, 0),
  ),
  refusing('the end of frames taken for the end of the message', framed(Person), (issue) =>
    issue._tag === 'FramesEnd' ? { ...issue, _tag: 'UnexpectedEnd', missing: 1 } : issue,
  ),
  twisted('throws instead of returning an issue', Person, (codec) => ({
    decode: (bytes) => {
      const read = codec.decode(bytes)
      if (isLeft(read)) {
        throw new RangeError(read.left._tag)
      }
      return read
    },
  })),
]
