import { kindName } from '../bytes/byte-array.js'
import { expectArray, expectName, expectObject, expectTagged } from './expect.js'
import type { Agreed } from './protocol.js'
import type { Refused } from './refused.js'
import { majorOf, ordVersion, type ProtocolVersion, versionBits } from './version.js'

/** One of several protocols. All its versions have the same major number; its features belong to it alone. */
export interface ProtocolFamily {
  readonly name: string
  readonly major: number
}

/** The protocol to which a gate's version or feature belongs; without it any protocol. */
interface OfFamily {
  readonly of?: ProtocolFamily
}

/** A condition on the protocol, as data: a printer can print it, and a codec decides it once. */
export type Gate =
  | ({ readonly _tag: 'since'; readonly version: ProtocolVersion } & OfFamily)
  | ({ readonly _tag: 'before'; readonly version: ProtocolVersion } & OfFamily)
  | ({ readonly _tag: 'feature'; readonly feature: string } & OfFamily)
  | { readonly _tag: 'allOf'; readonly gates: ReadonlyArray<Gate> }
  | { readonly _tag: 'anyOf'; readonly gates: ReadonlyArray<Gate> }
  | { readonly _tag: 'not'; readonly gate: Gate }

/** The condition of a gate: a version or a feature. */
export type GateLeaf = Extract<Gate, { readonly _tag: 'since' | 'before' | 'feature' }>

const tags: ReadonlyArray<unknown> = [
  'since',
  'before',
  'feature',
  'allOf',
  'anyOf',
  'not',
] satisfies ReadonlyArray<Gate['_tag']>

/** @internal @throws TypeError for anything but a gate. */
export const expectGate = (gate: unknown): void => {
  if (typeof gate !== 'object' || gate === null || !('_tag' in gate) || !tags.includes(gate._tag)) {
    throw new TypeError(
      `a gate must be made with a function such as since('1.2') or feature('x'), not ${kindName(gate)}`,
    )
  }
}

/** A compile-time check of a version: two numbers, 0 to 255 each. */
export type FittingVersion<V extends ProtocolVersion> = ProtocolVersion extends V
  ? unknown
  : V extends `${infer Major}.${infer Minor}`
    ? [Major | Minor] extends [Byte]
      ? unknown
      : Refused<'two numbers from 0 to 255, such as 1.2'>
    : unknown

type Digit = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9
type Byte =
  | `${Digit}`
  | `${Exclude<Digit, 0>}${Digit}`
  | `1${Digit}${Digit}`
  | `2${0 | 1 | 2 | 3 | 4}${Digit}`
  | `25${0 | 1 | 2 | 3 | 4 | 5}`

/** Holds at this version and every later one. */
export const since = <const V extends ProtocolVersion>(version: V & FittingVersion<V>): Gate => {
  versionBits(version)
  return { _tag: 'since', version }
}

/** Holds at every version below this one. */
export const before = <const V extends ProtocolVersion>(version: V & FittingVersion<V>): Gate => {
  versionBits(version)
  return { _tag: 'before', version }
}

/** Holds if both peers named this feature. */
export const feature = (name: string): Gate => {
  expectName('the name of a feature', name)
  return { _tag: 'feature', feature: name }
}

/** Holds if all of the gates hold. */
export const allOf = (...gates: ReadonlyArray<Gate>): Gate => {
  gates.forEach(expectGate)
  return { _tag: 'allOf', gates }
}

/** Holds if at least one of the gates holds. */
export const anyOf = (...gates: ReadonlyArray<Gate>): Gate => {
  gates.forEach(expectGate)
  return { _tag: 'anyOf', gates }
}

/** Holds if the gate does not. */
export const not = (gate: Gate): Gate => {
  expectGate(gate)
  return { _tag: 'not', gate }
}

/**
 * Whether a gate holds under a version and features.
 *
 * ```ts
 * import { allOf, feature, holds, since } from 'nix-wire'
 *
 * holds(since('1.10'), { version: '1.9', features: [] }) // => false
 * holds(allOf(since('1.10'), feature('milk')), { version: '1.10', features: ['milk'] }) // => true
 * ```
 *
 * @throws TypeError if the gate depends on a version or on features that are not given, or if the version belongs to
 * another protocol than the gate.
 */
export const holds = (gate: Gate, given: Agreed): boolean => {
  expectTagged('holds takes a gate', gate)
  expectObject('the version and features', given)
  switch (gate._tag) {
    case 'since':
      return ordVersion.compare(versionFor(gate, given), gate.version) >= 0
    case 'before':
      return ordVersion.compare(versionFor(gate, given), gate.version) < 0
    case 'feature':
      expectFamily(gate, given.version)
      return featuresFor(gate, given.features).includes(gate.feature)
    case 'allOf':
      return gate.gates.every((each) => holds(each, given))
    case 'anyOf':
      return gate.gates.some((each) => holds(each, given))
    case 'not':
      return !holds(gate.gate, given)
  }
}

const versionFor = (gate: GateLeaf, { version }: Agreed): ProtocolVersion => {
  expectFamily(gate, version)
  return answer(gate, version, 'a version')
}

// A text has `includes` too.
const featuresFor = (gate: GateLeaf, features: Agreed['features']): Agreed['features'] => {
  expectArray('features', answer(gate, features, 'features'))
  return features
}

const expectFamily = (gate: GateLeaf, version: ProtocolVersion | undefined): void => {
  if (gate.of !== undefined && version !== undefined && majorOf(version) !== gate.of.major) {
    throw new TypeError(`the gate "${showGate(gate)}" ${isOf(gate.of)}, but the version is ${version}`)
  }
}

/** @internal */
export const isOf = ({ name, major }: ProtocolFamily): string =>
  `belongs to the protocol ${name}, whose versions are ${major}.x`

/**
 * Whether a condition holds. The protocol may lack a part that no gate was known to need: a lazy grammar may bring such
 * a gate later.
 */
const answer = <A>(gate: Gate, part: A | undefined, what: string): A => {
  if (part === undefined) {
    throw new TypeError(`the gate "${showGate(gate)}" depends on ${what}, but none is given`)
  }
  return part
}

/**
 * A gate in words.
 *
 * ```ts
 * import { not, showGate, since } from 'nix-wire'
 *
 * showGate(since('1.2')) // => 'protocol version 1.2 or above'
 * showGate(not(since('1.2'))) // => 'not (protocol version 1.2 or above)'
 * ```
 */
export const showGate = (gate: Gate): string => {
  expectTagged('showGate takes a gate', gate)
  switch (gate._tag) {
    case 'since':
      return `protocol version ${gate.version} or above`
    case 'before':
      return `protocol version below ${gate.version}`
    case 'feature':
      return `feature ${gate.feature}`
    case 'allOf':
      return gate.gates.map(showGate).join(' and ')
    case 'anyOf':
      return gate.gates.map(showGate).join(' or ')
    case 'not':
      return `not (${showGate(gate.gate)})`
  }
}

/** All conditions in a gate, however they are combined. */
export const leavesOf = (gate: Gate): ReadonlyArray<GateLeaf> => {
  switch (gate._tag) {
    case 'since':
    case 'before':
    case 'feature':
      return [gate]
    case 'allOf':
    case 'anyOf':
      return gate.gates.flatMap(leavesOf)
    case 'not':
      return leavesOf(gate.gate)
  }
}
