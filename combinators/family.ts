import { expectText } from './expect.js'
import {
  before,
  type FittingVersion,
  feature,
  type Gate,
  type GateLeaf,
  isOf,
  leavesOf,
  type ProtocolFamily,
  showGate,
  since,
} from './gate.js'
import { show } from './show.js'
import { majorOf, type ProtocolVersion } from './version.js'

/** The gates of one protocol. */
export interface FamilyGates<M extends number> {
  /** As the combinator of this name. */
  readonly since: <const V extends `${M}.${number}`>(version: V & FittingVersion<V>) => Gate
  /** As the combinator of this name. */
  readonly before: <const V extends `${M}.${number}`>(version: V & FittingVersion<V>) => Gate
  /** As the combinator of this name. */
  readonly feature: (name: string) => Gate
}

/**
 * The gates of a protocol that stands beside others: it has a name, and its versions one major number. They are not asked
 * under a version of another one, and no grammar or flow has gates of two protocols.
 *
 * ```ts
 * import { bytesOf, compile, gatesOf, struct, u64, versioned } from 'nix-wire'
 *
 * const { since } = gatesOf('kettle', 2)
 * const Kettle = struct('Kettle', { water: u64, heat: versioned(since('2.1'), u64, 0n) })
 *
 * compile(Kettle, { version: '2.0' }).decode(bytesOf('0700000000000000')) // => { _tag: 'Right', right: { water: 7n, heat: 0n } }
 * ```
 *
 * Under version 1.3 there is no codec of it: `compile` throws.
 *
 * A gate without a name, such as that of {@link since}, may stand beside these if it has their major number. The grammar
 * {@link under} a fixed version has no gates left, and may stand anywhere.
 *
 * @throws RangeError for a major number that is not one, or a version with another one.
 */
export const gatesOf = <const M extends number>(name: string, major: M): FamilyGates<M> => {
  expectText('the name of a protocol', name)
  if (name === '' || !Number.isInteger(major) || major < 0 || major > 255) {
    throw new RangeError(
      `a protocol has a name and a major number from 0 to 255, not ${show(name)} and ${show(major)}`,
    )
  }
  const of: ProtocolFamily = Object.freeze({ name, major })
  const own = (gate: Gate): Gate => {
    for (const leaf of leavesOf(gate)) {
      if (leaf._tag !== 'feature' && majorOf(leaf.version) !== major) {
        throw new RangeError(`the gate "${showGate(gate)}" ${isOf(of)}`)
      }
    }
    return { ...gate, of } as Gate
  }
  return {
    since: (version: ProtocolVersion) => own(since(version)),
    before: (version: ProtocolVersion) => own(before(version)),
    feature: (name) => own(feature(name)),
  }
}

/** One gate for each protocol that is asked: of each name, and of each major number without a name. */
export type FamiliesAsked = ReadonlyMap<string, GateLeaf>

export const familiesOf = (gates: ReadonlyArray<Gate>): FamiliesAsked =>
  allFamilies(
    gates.flatMap(leavesOf).flatMap((leaf) => {
      const key = familyKey(leaf)
      return key === null ? [] : [new Map([[key, leaf]])]
    }),
  )

/** The same of several together. */
export const allFamilies = (parts: ReadonlyArray<FamiliesAsked>): FamiliesAsked => {
  const all = new Map<string, GateLeaf>()
  for (const [key, leaf] of parts.flatMap((part) => [...part])) {
    all.set(key, all.get(key) ?? leaf)
  }
  return all
}

/** A feature without a name may be one of any protocol. */
const familyKey = (leaf: GateLeaf): string | null =>
  leaf.of !== undefined
    ? `${leaf.of.major}.${leaf.of.name}`
    : leaf._tag === 'feature'
      ? null
      : String(majorOf(leaf.version))

/**
 * The protocol of a name that is asked; null if none is.
 *
 * @throws TypeError if there are two, or one beside a gate of another major number.
 */
export const oneFamily = (what: string, asked: FamiliesAsked): ProtocolFamily | null => {
  const leaves = [...asked.values()]
  const first = leaves.find(({ of }) => of !== undefined)
  if (first?.of === undefined) {
    return null
  }
  const { of } = first
  const other = leaves.find((leaf) => leaf !== first && !isBeside(leaf, of))
  if (other !== undefined) {
    throw new TypeError(
      `${what} asks for what two protocols agree on: ${familyWords(first)}, and ${familyWords(other)}; ` +
        'under decides the gates of one of them',
    )
  }
  return of
}

const isBeside = (leaf: GateLeaf, { major }: ProtocolFamily): boolean =>
  leaf.of === undefined && leaf._tag !== 'feature' && majorOf(leaf.version) === major

const familyWords = (leaf: GateLeaf): string =>
  leaf.of === undefined ? showGate(leaf) : `${showGate(leaf)} (${leaf.of.name} ${leaf.of.major}.x)`

/** @throws TypeError for a version of another protocol than the one that is asked. */
export const expectFamilyOf = (
  what: string,
  family: ProtocolFamily | null,
  of: string,
  version: ProtocolVersion | undefined,
): void => {
  if (family !== null && version !== undefined && majorOf(version) !== family.major) {
    throw new TypeError(`${what} ${isOf(family)}, and ${of} is given version ${version}`)
  }
}
