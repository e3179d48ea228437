import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { none, some } from 'fp-ts/lib/Option.js'

class Refusal extends Error {}

const expectThat = (holds: boolean, what: string): void => {
  if (!holds) {
    throw new Refusal(what)
  }
}

/** Consecutive primitives. */
class Reader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  get left(): number {
    return this.#bytes.length - this.#at
  }

  take(count: number): Uint8Array {
    expectThat(count <= this.left, 'more bytes')
    this.#at += count
    return this.#bytes.subarray(this.#at - count, this.#at)
  }

  integer(): bigint {
    this.take(8)
    return this.#view.getBigUint64(this.#at - 8, true)
  }

  text(fatal: boolean): string {
    const length = this.integer()
    expectThat(length <= 64n << 20n, 'a shorter text')
    const content = this.take(Number(length))
    expectThat(
      this.take(-content.length & 7).every((byte) => byte === 0),
      'padding of zeros',
    )
    return fatal ? utf8(content) : escaped(content)
  }
}

const utf8 = (content: Uint8Array): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content)
  } catch {
    throw new Refusal('UTF-8')
  }
}

/** Bytes that are not UTF-8 become lone surrogates. */
const escaped = (content: Uint8Array): string => {
  let text = ''
  for (let at = 0; at < content.length; ) {
    const length = [1, 2, 3, 4].find((each) => isCharacter(content.subarray(at, at + each), each))
    text +=
      length === undefined
        ? String.fromCharCode(0xdc00 + content[at]!)
        : utf8(content.subarray(at, at + length))
    at += length ?? 1
  }
  return text
}

const isCharacter = (bytes: Uint8Array, length: number): boolean => {
  try {
    return bytes.length === length && [...utf8(bytes)].length === 1
  } catch {
    return false
  }
}

type Decode = (reader: Reader, has: (fault: string) => boolean) => unknown

const low32 = (integer: bigint): bigint => BigInt.asUintN(32, integer)

const bool: Decode = (reader, has) => {
  const integer = reader.integer()
  if (has('bools above 1 refused')) {
    expectThat(integer < 2n, '0 or 1')
  }
  if (has('bools above 2^32 refused')) {
    expectThat(integer < 2n ** 32n, 'an int')
  }
  return has('bools of 32 bits')
    ? low32(integer) !== 0n
    : has('bools of one bit')
      ? integer % 2n === 1n
      : integer !== 0n
}

const integers: Decode = (reader, has) => {
  const announced = reader.integer()
  const count = has('counts of 32 bits') ? low32(announced) : announced
  expectThat(
    count <= (has('at most 16 integers') ? 16n : has('at most 255 integers') ? 255n : 16n << 20n),
    'fewer items',
  )
  const items: Array<bigint> = []
  for (let i = 0n; i < count; i++) {
    const item = reader.integer()
    items.push(
      has('integers of 32 bits')
        ? low32(item)
        : has('integers through a number')
          ? BigInt(Number(item))
          : item,
    )
  }
  return items
}

const framedText: Decode = (reader, has) => {
  const frames: Array<Uint8Array> = []
  for (;;) {
    const announced = reader.integer()
    const length = has('frames of 32 bits') ? low32(announced) : announced
    expectThat(length <= 64n << 20n, 'a shorter frame')
    if (length === 0n) {
      break
    }
    expectThat(frames.length === 0 || !has('more than one frame refused'), 'one frame')
    frames.push(reader.take(Number(length)))
  }
  const content = has('all frames but the last dropped')
    ? (frames.at(-1) ?? new Uint8Array())
    : Buffer.concat(frames)
  const inner = new Reader(Uint8Array.from(content))
  const text = inner.text(true)
  expectThat(inner.left === 0 || !has('bytes behind the value in frames refused'), 'the end of the frames')
  return text
}

const field: Decode = (reader, has) => {
  const announced = reader.integer()
  const tag = has('tags of 32 bits')
    ? low32(announced)
    : has('tags of 8 bits')
      ? BigInt.asUintN(8, announced)
      : announced
  expectThat(tag <= (has('2 is a text too') ? 2n : 1n), '0 or 1')
  return tag === 0n
    ? {
        type: 'Int',
        value: has('integers of 63 bits') ? BigInt.asUintN(63, reader.integer()) : reader.integer(),
      }
    : { type: 'String', value: reader.text(has('texts must be UTF-8')) }
}

const statuses = [
  ...['Built', 'Substituted', 'AlreadyValid', 'PermanentFailure', 'InputRejected', 'OutputRejected'],
  ...['TransientFailure', 'CachedFailure', 'TimedOut', 'MiscFailure', 'DependencyFailed', 'LogLimitExceeded'],
  ...['NotDeterministic', 'ResolvesToAlreadyValid', 'NoSubstituters'],
]

const status: Decode = (reader, has) => {
  const announced = reader.integer()
  const number = has('statuses of 32 bits') ? low32(announced) : announced
  expectThat(number < 15n || (has('one more status') && number === 15n), 'a status')
  const name = statuses[Number(number)] ?? 'Built'
  return has('two statuses in each other’s place') && name === 'TimedOut' ? 'MiscFailure' : name
}

const version: Decode = (reader, has) => {
  const bits = reader.integer()
  if (has('high bits of a version refused')) {
    expectThat(bits < 2n ** 16n, 'a version')
  }
  expectThat(bits < 2n ** 32n || has('versions of 64 bits'), 'a version')
  const minor = bits & (has('minors of 7 bits') ? 0x7fn : 0xffn)
  return `${(bits >> 8n) & 0xffn}.${minor}`
}

const duration: Decode = (reader, has) => {
  const announced = reader.integer()
  const tag = has('tags of 8 bits') ? BigInt.asUintN(8, announced) : announced
  expectThat(tag < 2n, '0 or 1')
  if (tag === 0n) {
    return none
  }
  const integer = reader.integer()
  expectThat(integer < 2n ** 63n || has('durations of 64 bits'), 'a duration')
  return some(has('durations of 32 bits') ? low32(integer) : integer)
}

const tree: Decode = (reader, has) => {
  const most = has('nine levels of trees') ? 9 : has('any number of levels') ? 1e9 : 64
  const node = (depth: number): object => {
    expectThat(depth <= most, 'fewer levels')
    const label = reader.integer()
    const count = reader.integer()
    expectThat(count <= 16n << 20n, 'fewer items')
    const children: Array<object> = []
    for (let i = 0n; i < count; i++) {
      const child = node(depth + 1)
      if (has('children in reverse')) {
        children.unshift(child)
      } else {
        children.push(child)
      }
    }
    return { label, children }
  }
  return node(0)
}

const decoders: { readonly [type: string]: Decode } = {
  Bool64: bool,
  'List<UInt64>': integers,
  'Framed<String>': framedText,
  Field: field,
  BuildStatus: status,
  ProtocolVersion: version,
  OptMicroseconds: duration,
  Tree: tree,
}

/** A decoder that is correct, or has one planted fault. */
export const decoderOf =
  (type: string, fault: string | null) =>
  (bytes: Uint8Array): Either<string, unknown> => {
    const reader = new Reader(bytes)
    try {
      const value = decoders[type]!(reader, (each) => each === fault)
      expectThat(reader.left === 0 || fault === 'bytes behind the message', 'the end')
      return right(value)
    } catch (error) {
      if (error instanceof Refusal) {
        return left(error.message)
      }
      throw error
    }
  }
