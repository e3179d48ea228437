import { type Either, isLeft, left, map, right } from 'fp-ts/lib/Either.js'
import { compareTexts } from '../bytes/order.js'
import { entriesOf } from '../combinators/map-entries.js'
import type { Protocol } from '../combinators/protocol.js'
import { longestName, quoted, show as showPlain } from '../combinators/show.js'
import { parseText, printText, type TextFormat, type TextIssue } from '../combinators/text-format.js'
import { BaseStorePath } from './base-store-path.js'
import { DrvOutputByHash } from './drv-output.js'
import { isJsonObject, type JsonObject, member, parseJson } from './json-text.js'
import { AnySignature, Signature } from './signature.js'
import { issueAtIndex, unpairedSurrogate } from './text-parser.js'

/** The members of a realisation's JSON. */
export interface RealisationMembers {
  readonly id: DrvOutputByHash
  readonly outPath: BaseStorePath
  readonly signatures: ReadonlyArray<string>
  readonly dependentRealisations: ReadonlyMap<string, BaseStorePath>
}

type Read<A> = Either<TextIssue, A>

const show = (value: unknown): string => {
  if (value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'object' && value !== null ? 'an object' : showPlain(value)
}

/** JSON does not keep the position of a member, so the issue has its name. */
const wrong = (name: string, expected: string, actual: unknown): Read<never> =>
  left({ position: 0, expected: `${name} to be ${expected}`, actual: show(actual) })

const textMember = <A>(name: string, format: TextFormat<A>, value: unknown, protocol: Protocol): Read<A> => {
  if (typeof value !== 'string') return wrong(name, format.summary, value)
  const read = parseText(format, value, protocol)
  if (read._tag === 'Right') return read
  const { expected, position, actual } = read.left
  return left({ position: 0, expected: `in ${name}, at its position ${position}, ${expected}`, actual })
}

/** JSON is whole characters. */
const wellFormed =
  (then: TextFormat<string>['parse']): TextFormat<string>['parse'] =>
  (text, protocol) => {
    const unpaired = unpairedSurrogate(text)
    return unpaired === undefined ? then(text, protocol) : left(unpaired)
  }

const JsonSignatureFormat: TextFormat<string> = {
  ...AnySignature.format,
  parse: wellFormed(AnySignature.format.parse),
  print: wellFormed(AnySignature.format.print),
}

const nameOfSignature = (index: number): string => `"signatures"[${index}]`

/** A signature may be any text; an object has the form that Nix has checked since it has objects. */
const readSignature = (name: string, value: unknown, protocol: Protocol): Read<string> => {
  if (!isJsonObject(value)) return textMember(name, JsonSignatureFormat, value, protocol)
  const keyName = member(value, 'keyName')
  const sig = member(value, 'sig')
  if (typeof keyName !== 'string' || keyName.includes(':')) {
    return wrong(`${name}.keyName`, 'the name of a key', keyName)
  }
  if (typeof sig !== 'string') return wrong(`${name}.sig`, 'base64', sig)
  return textMember(name, Signature.format, `${keyName}:${sig}`, protocol)
}

const readSignatures = (value: unknown, protocol: Protocol): Read<ReadonlyArray<string>> => {
  if (value === undefined) return right([])
  if (!Array.isArray(value)) return wrong('"signatures"', 'an array', value)
  const signatures: string[] = []
  for (const [index, item] of value.entries()) {
    const signature = readSignature(nameOfSignature(index), item, protocol)
    if (isLeft(signature)) return signature
    signatures.push(signature.right)
  }
  return right(signatures)
}

const readDependencies = (value: unknown, protocol: Protocol): Read<ReadonlyMap<string, BaseStorePath>> => {
  if (value === undefined) return right(new Map())
  if (!isJsonObject(value)) return wrong('"dependentRealisations"', 'an object', value)
  const entries: Array<readonly [string, BaseStorePath]> = []
  for (const [key, item] of Object.entries(value)) {
    const id = textMember('a key of "dependentRealisations"', DrvOutputByHash.format, key, protocol)
    if (isLeft(id)) return id
    const canonical = printText(DrvOutputByHash.format, id.right, protocol)
    if (isLeft(canonical)) return canonical
    const path = textMember(
      `"dependentRealisations".${quoted(key, longestName)}`,
      BaseStorePath.format,
      item,
      protocol,
    )
    if (isLeft(path)) return path
    entries.push([canonical.right, path.right])
  }
  return right(new Map(entries.sort(([a], [b]) => compareTexts(a, b))))
}

const readMembers = (json: JsonObject, protocol: Protocol): Read<RealisationMembers> => {
  const id = textMember('"id"', DrvOutputByHash.format, member(json, 'id'), protocol)
  if (isLeft(id)) return id
  const outPath = textMember('"outPath"', BaseStorePath.format, member(json, 'outPath'), protocol)
  if (isLeft(outPath)) return outPath
  const signatures = readSignatures(member(json, 'signatures'), protocol)
  if (isLeft(signatures)) return signatures
  return map((dependentRealisations: ReadonlyMap<string, BaseStorePath>) => ({
    id: id.right,
    outPath: outPath.right,
    signatures: signatures.right,
    dependentRealisations,
  }))(readDependencies(member(json, 'dependentRealisations'), protocol))
}

/** The members of a JSON text. */
export const membersFromJson = (text: string, protocol: Protocol): Read<RealisationMembers> => {
  const json = parseJson(text)
  if (isLeft(json)) return json
  return isJsonObject(json.right)
    ? readMembers(json.right, protocol)
    : left(issueAtIndex(text, 0, 'a JSON object'))
}

const printAll = <A>(
  format: TextFormat<A>,
  values: ReadonlyArray<A>,
  protocol: Protocol,
): Read<ReadonlyArray<string>> => {
  const texts: string[] = []
  // By index: an invalid value may have an endless iterator.
  for (let i = 0; i < values.length; i++) {
    const text = printText(format, values[i] as A, protocol)
    if (isLeft(text)) return text
    texts.push(JSON.stringify(text.right))
  }
  return right(texts)
}

const printDependencies = (
  dependencies: ReadonlyMap<string, BaseStorePath>,
  protocol: Protocol,
): Read<ReadonlyArray<string>> => {
  const members: string[] = []
  for (const [key, value] of [...entriesOf(dependencies)].sort(([a], [b]) => compareTexts(a, b))) {
    const id = parseText(DrvOutputByHash.format, key, protocol)
    if (isLeft(id)) return id
    const canonical = printText(DrvOutputByHash.format, id.right, protocol)
    if (isLeft(canonical)) return canonical
    if (canonical.right !== key) return left(issueAtIndex(key, 0, `the canonical ${canonical.right}`))
    const path = BaseStorePath.format.print(value, protocol)
    if (isLeft(path)) return path
    members.push(`${JSON.stringify(key)}:${JSON.stringify(path.right)}`)
  }
  return right(members)
}

/** The canonical JSON text. */
export const membersToJson = (members: RealisationMembers, protocol: Protocol): Read<string> => {
  const dependencies = printDependencies(members.dependentRealisations, protocol)
  if (isLeft(dependencies)) return dependencies
  const id = printAll(DrvOutputByHash.format, [members.id], protocol)
  if (isLeft(id)) return id
  const outPath = printAll(BaseStorePath.format, [members.outPath], protocol)
  if (isLeft(outPath)) return outPath
  return map(
    (signatures: ReadonlyArray<string>) =>
      `{"dependentRealisations":{${dependencies.right.join(',')}},"id":${id.right},` +
      `"outPath":${outPath.right},"signatures":[${signatures.join(',')}]}`,
  )(printAll(JsonSignatureFormat, members.signatures, protocol))
}

/** Whether all signatures have a valid form. */
export const strictMembers = ({ signatures }: RealisationMembers, protocol: Protocol): Read<null> => {
  for (const [index, item] of signatures.entries()) {
    const read = textMember(nameOfSignature(index), Signature.format, item, protocol)
    if (isLeft(read)) return read
  }
  return right(null)
}
