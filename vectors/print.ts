import { bytesToHex } from '@noble/hashes/utils.js'
import { expectText } from '../combinators/expect.js'
import { printJson } from '../interpreters/json/index.js'
import { listOfGroups, type VectorGroup } from './group.js'
import type { Vector } from './vector.js'

const member = (name: string, text: string): string => `${JSON.stringify(name)}:${text}`

const text = (value: unknown): string => JSON.stringify(value)

/**
 * A vector on one line. Redundant parts are left out: the value of an invalid one, the canonical bytes of a valid one.
 */
const vectorText = ({
  id,
  bytes,
  result,
  profile,
  rule,
  issue,
  value,
  canonical,
  flags,
  source,
}: Vector): string => {
  const members = [
    member('id', text(id)),
    member('hex', text(bytesToHex(bytes))),
    member('result', text(result)),
    member('profile', text(profile)),
    member('rule', text(rule)),
    member('issue', text(issue)),
    ...(value === undefined ? [] : [member('value', printJson(value))]),
    ...(result === 'acceptable'
      ? [member('canonical', text(canonical === null ? null : bytesToHex(canonical)))]
      : []),
    member('flags', text(flags)),
    member('source', text(source)),
  ]
  return `{${members.join(',')}}`
}

const groupText = ({ protocol, vectors }: VectorGroup): string =>
  `{"protocol":${text(protocol)},"vectors":[\n${vectors.map(vectorText).join(',\n')}\n]}`

/**
 * The vectors of one type as the text of a JSON file: a group for each protocol, a line for each vector. Its schema
 * is {@link vectorSchema}.
 *
 * ```ts
 * import { UInt8 } from 'nix-wire/grammar'
 * import { printVectors, vectorsOf } from 'nix-wire/vectors'
 *
 * const file = JSON.parse(printVectors('UInt8', vectorsOf(UInt8)))
 * file.groups[0].vectors[0].hex // => '0100000000000000'
 * ```
 */
export const printVectors = (type: string, vectors: Iterable<Vector>): string => {
  expectText('the type of printVectors', type)
  const groups = listOfGroups(vectors)
  return `{"$schema":"../vectors.schema.json","type":${text(type)},"groups":[\n${groups.map(groupText).join(',\n')}\n]}\n`
}
