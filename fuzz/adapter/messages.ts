import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import { decodeBase64 } from '../../bytes/base64.js'
import type { Profile } from '../../combinators/limits.js'
import { clip, quoted } from '../../combinators/show.js'
import type { ProtocolVersion } from '../../combinators/version.js'
import { type Json, parseJson, printJson } from '../../interpreters/json/index.js'
import { isObject } from '../../interpreters/json/text.js'
import type { FuzzOutcome } from '../outcome.js'

/** The abilities of an adapter. An adapter that knows another form of JSON has the ability `NAME-json`. */
export type Ability = 'decode' | 'value' | 'bytes' | 'offset' | 'encode' | `${string}-json`

/** An adapter's description of itself. */
export interface Description {
  readonly name: string
  /** The types that it knows. If empty, it does not list them, and skips those that it does not know. */
  readonly types: ReadonlyArray<string>
  readonly can: ReadonlyArray<Ability>
}

/** The type of a message and the protocol, in the fields of the adapter protocol. */
export interface MessageType {
  readonly type: string
  readonly version?: ProtocolVersion
  readonly features?: ReadonlyArray<string>
  readonly profile: Profile
  readonly storeDir?: string
  /** The form of the JSON of values. Default: that of this package. */
  readonly json?: string
}

/** Bytes to decode; `want` says whether the reply has the value, or the bytes encoded again. */
export interface DecodeQuestion extends MessageType {
  readonly bytes: Uint8Array
  readonly want: ReadonlyArray<'value' | 'bytes'>
}

/** A value to encode. */
export interface EncodeQuestion extends MessageType {
  readonly value: Json
}

/** The version of the adapter protocol. */
const adapterVersion = 1

/** The fields that all questions of a run have. */
const headOf = ({ type, version, features, profile, storeDir, json }: MessageType): string =>
  JSON.stringify({ type, version, features, profile, storeDir, json }).slice(1, -1)

/**
 * A question without its beginning, which has the number: `"do":"decode",…}`. Everything except the bytes is written
 * once.
 */
export const decodeBodies = (
  message: MessageType,
  want: DecodeQuestion['want'],
): ((bytes: Uint8Array) => string) => {
  const start = `"do":"decode",${headOf(message)},"want":${JSON.stringify(want)},"bytes":"`
  return (bytes) => `${start}${base64(bytes)}"}`
}

export const encodeBodies = (message: MessageType): ((value: Json) => string) => {
  const start = `"do":"encode",${headOf(message)},"value":`
  return (value) => `${start}${printJson(value)}}`
}

export const describeBody = '"do":"describe"}'

/** A question as a line. */
export const questionLine = (id: number, body: string): string => `{"id":${id},${body}`

const base64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64')

/** The purpose of a question: whether bytes are accepted, their value, or the bytes of a value. */
export type Asked = 'accept' | 'decode' | 'encode'

/** A reply of an adapter: the number of the question, and the fields. */
export interface Reply {
  readonly id: number
  readonly fields: { readonly [key: string]: unknown }
}

/** Reads a line of an adapter; integers in values keep all their digits. Left: what is wrong, for people. */
export const parseReply = (line: string, isValueWanted: boolean): Either<string, Reply> => {
  const fields = parseObject(line, isValueWanted)
  if (fields === null) {
    return left(`a line that is not a JSON object: ${quoted(line)}`)
  }
  const id = typeof fields.id === 'bigint' ? Number(fields.id) : fields.id
  return typeof id === 'number' && Number.isSafeInteger(id)
    ? right({ id, fields })
    : left(`a line without the \`id\` of a question: ${quoted(line)}`)
}

/** Keeping all digits takes time, so only lines with a value are parsed so. */
const parseObject = (line: string, isValueWanted: boolean): { readonly [key: string]: unknown } | null => {
  if (isValueWanted && line.includes('"value"')) {
    const json = parseJson(line, 'last')
    return !isLeft(json) && isObject(json.right) ? json.right : null
  }
  try {
    const json = JSON.parse(line) as Json
    return isObject(json) ? json : null
  } catch {
    return null
  }
}

const own = ({ fields }: Reply, key: string): unknown =>
  Object.hasOwn(fields, key) ? fields[key] : undefined

/** Reads an adapter's description of itself. Left: what is wrong with it, for people. */
export const descriptionOf = (reply: Reply): Either<string, Description> => {
  const adapter = own(reply, 'adapter')
  if (Number(adapter) !== adapterVersion) {
    return left(`it must describe itself with "adapter":${adapterVersion}, not ${shown(adapter)}`)
  }
  const name = own(reply, 'name') ?? ''
  const types = own(reply, 'types') ?? []
  const can = own(reply, 'can') ?? ['decode']
  if (typeof name !== 'string') {
    return left(`its \`name\` must be a string, not ${shown(name)}`)
  }
  if (!isTexts(types)) {
    return left(`its \`types\` must be an array of strings, not ${shown(types)}`)
  }
  if (!isTexts(can)) {
    return left(`its \`can\` must be an array of strings, not ${shown(can)}`)
  }
  return right({ name: clip(name, 200), types, can: can.filter(isAbility) })
}

const abilities: ReadonlyArray<string> = ['decode', 'value', 'bytes', 'offset', 'encode']

const isAbility = (word: string): word is Ability => abilities.includes(word) || /^[a-z]+-json$/.test(word)

const isTexts = (value: unknown): value is ReadonlyArray<string> =>
  Array.isArray(value) && value.every((each) => typeof each === 'string')

const shown = (value: unknown): string => quoted(value === undefined ? 'nothing' : printJson(value as Json))

/**
 * Reads the reply to a question to decode, with or without the value, or to encode. Left: what is wrong with it, for
 * people.
 */
export const outcomeOf = (reply: Reply, asked: Asked): Either<string, FuzzOutcome> => {
  const skip = own(reply, 'skip')
  if (skip !== undefined) {
    return right({ _tag: 'skips', why: clip(String(skip), 200) })
  }
  const bytes = bytesOf(asked === 'accept' ? undefined : own(reply, 'bytes'))
  if (isLeft(bytes)) {
    return bytes
  }
  const accepts =
    own(reply, 'accepts') ?? (asked === 'encode' && bytes.right !== undefined ? true : undefined)
  if (typeof accepts !== 'boolean') {
    return left(`an answer whose \`accepts\` is ${shown(accepts)}`)
  }
  if (!accepts) {
    return right({ _tag: 'refuses', ...whereOf(reply) })
  }
  return right({
    _tag: 'accepts',
    ...(asked !== 'accept' && Object.hasOwn(reply.fields, 'value')
      ? { value: reply.fields.value as Json }
      : {}),
    ...(bytes.right === undefined ? {} : { bytes: bytes.right }),
  })
}

const whereOf = (reply: Reply): { readonly offset?: number; readonly message?: string } => {
  const offset = Number(own(reply, 'offset') ?? Number.NaN)
  const message = own(reply, 'message')
  return {
    ...(Number.isSafeInteger(offset) && offset >= 0 ? { offset } : {}),
    ...(typeof message === 'string' ? { message: clip(message, 500) } : {}),
  }
}

const bytesOf = (text: unknown): Either<string, Uint8Array | undefined> => {
  if (text === undefined || text === null) {
    return right(undefined)
  }
  const bytes = typeof text === 'string' ? decodeBase64(text) : left(0)
  return isLeft(bytes) ? left(`an answer whose \`bytes\` are not base64: ${shown(text)}`) : bytes
}
