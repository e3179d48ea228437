import { type Either, isLeft, left, map, right } from 'fp-ts/lib/Either.js'
import { isSome, none, type Option, some } from 'fp-ts/lib/Option.js'
import type { Protocol } from '../combinators/protocol.js'
import {
  alphabet,
  type TextIssue,
  type TextMaker,
  type TextPiece,
  type TextsOf,
} from '../combinators/text-format.js'
import { type BaseStorePath, baseNamePattern } from './base-store-path.js'
import { type DrvOutputByHash, type DrvOutputByPath, drvOutputTexts } from './drv-output.js'
import { sameStructure } from './equality.js'
import { membersFromJson, membersToJson, type RealisationMembers, strictMembers } from './realisation-json.js'
import type { StorePath } from './store-path.js'
import { issueAtIndex } from './text-parser.js'
import { TextType } from './text-type.js'

/**
 * The store path that an output of a content-addressed derivation was built as. On the wire it is JSON text.
 *
 * The keys of `dependentRealisations` are the canonical texts of the `DrvOutputByHash` that it depends on. `text` is
 * the JSON as it was read, kept only if it differs from the canonical JSON, so that the same bytes are written again.
 *
 * ```ts
 * import { none } from 'fp-ts/lib/Option.js'
 * import { RealisationByHash } from 'nix-wire/types'
 *
 * const id = 'sha256:15e3c560894cbb27085cf65b5a2ecb18488c999497f4531b6907a7581ce6d527!baz'
 * const made = RealisationByHash.make(
 *   `{"dependentRealisations":{},"id":"${id}","outPath":"g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo","signatures":[]}`
 * )
 * if (made._tag === 'Right') {
 *   made.right.outPath // => 'g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo'
 *   made.right.text // => none
 * }
 * ```
 *
 * The canonical JSON is compact, with its keys in the order of their bytes: `dependentRealisations`, `id`, `outPath`,
 * `signatures`. In decoding the first and the last may be absent, a signature may be any text or an object of
 * `keyName` and `sig`, and other keys are ignored. In the canonical profile each signature must be a `Signature`.
 *
 * Issues: a text that is not a JSON object, a missing `id` or `outPath`, an invalid member. Versions: 1.31 to 1.38
 * without the feature `realisation-with-path-not-hash`; Nix 2.35 and later write only `id` and `outPath`. Source:
 * serialization spec, Realisation (which has full paths); the base names are from the reference implementation.
 */
export interface RealisationByHash {
  readonly _tag: 'Hash'
  readonly id: DrvOutputByHash
  readonly outPath: BaseStorePath
  readonly signatures: ReadonlyArray<string>
  readonly dependentRealisations: ReadonlyMap<string, BaseStorePath>
  readonly text: Option<string>
}

/**
 * The store path that an output of a content-addressed derivation was built as. On the wire it is a record, so it has
 * no text format.
 *
 * Versions: with the feature `realisation-with-path-not-hash`. Source: the reference implementation.
 */
export interface RealisationByPath {
  readonly _tag: 'Path'
  readonly id: Pick<DrvOutputByPath, 'drvPath' | 'outputName'>
  readonly outPath: StorePath
  readonly signatures: ReadonlyArray<string>
}

/** The store path of a built output. The protocol decides which of the two forms it has. */
export type Realisation = RealisationByHash | RealisationByPath

const fromMembers = (members: RealisationMembers, text: Option<string>): RealisationByHash => ({
  _tag: 'Hash',
  ...members,
  text,
})

const parse = (text: string, protocol: Protocol): Either<TextIssue, RealisationByHash> => {
  const members = membersFromJson(text, protocol)
  if (isLeft(members)) return members
  return map((canonical: string) => fromMembers(members.right, canonical === text ? none : some(text)))(
    membersToJson(members.right, protocol),
  )
}

const print = (value: RealisationByHash, protocol: Protocol): Either<TextIssue, string> => {
  if (!isSome(value.text)) return membersToJson(value, protocol)
  const text = value.text.value
  const read = parse(text, protocol)
  if (isLeft(read)) return read
  return sameStructure(read.right, value)
    ? right(text)
    : left(issueAtIndex(text, 0, 'a kept text that is another form of the same realisation'))
}

const quoted = <T>(make: TextMaker<T>, text: T): T => make.mapped(text, (each) => JSON.stringify(each))

/** A signature whose key name JSON writes without escapes. */
const plainSignature: ReadonlyArray<TextPiece> = [
  { _tag: 'chars', alphabet: alphabet('a-zA-Z0-9._-'), min: 1, max: 64 },
  { _tag: 'literal', text: ':' },
  { _tag: 'base64' },
]

/** JSON that is canonical, or that is kept as it was: with white space, or without optional members. */
const realisationTexts: TextsOf = (make, protocol) => {
  const output = quoted(make, drvOutputTexts(make, protocol))
  const path = quoted(make, make.pattern(baseNamePattern))
  const signature = quoted(make, make.pattern(plainSignature))
  const dependency = make.joined(output, ':', path)
  // The key is the part before `":`.
  const dependencies = make.many(dependency, 0, 2, (all) =>
    [...new Map(all.map((each) => [each.split('":"')[0], each])).values()].sort().join(','),
  )
  const signatures = make.many(signature, 0, 2, (all) => all.join(','))
  const whole = make.joined(
    '{"dependentRealisations":{',
    dependencies,
    '},"id":',
    output,
    ',"outPath":',
    path,
    ',"signatures":[',
    signatures,
    ']}',
  )
  const spaced = make.mapped(whole, (text) => ` ${text}\n`)
  const short = make.joined('{"outPath":', path, ',"id":', output, '}')
  return make.oneOf(whole, whole, whole, spaced, short)
}

export const RealisationByHash: TextType<RealisationByHash> = new TextType({
  name: 'RealisationByHash',
  summary: 'a realisation in JSON',
  texts: realisationTexts,
  syntax: [
    {
      rules: [
        `RealisationByHash = '{"dependentRealisations":{' [ Dependencies ] '},"id":"' DrvOutputByHash '","outPath":"' BaseStorePath '","signatures":[' [ Signatures ] ']}'`,
        "Dependencies = Dependency { ',' Dependency }",
        `Dependency = '"' DrvOutputByHash '":"' BaseStorePath '"'`,
        "Signatures = String { ',' String }",
        'String = <a Signature as JSON writes a string>',
      ],
      note:
        'Other JSON of the same meaning is read too, also without dependentRealisations or signatures, with other members, ' +
        'and with signatures that are objects of keyName and sig. The compatible profile takes any text for a signature.',
    },
  ],
  value: 'structure',
  json: true,
  parse,
  print,
  strict: strictMembers,
})
