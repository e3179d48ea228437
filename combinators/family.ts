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

/** The gate functions of one protocol. */
export interface FamilyGates<M extends number> {
  /** Like the combinator of the same name. */
  readonly since: <const V extends `${M}.${number}`>(version: V & FittingVersion<V>) => Gate
  /** Like the combinator of the same name. */
  readonly before: <const V extends `${M}.${number}`>(version: V & FittingVersion<V>) => Gate
  /** Like the combinator of the same name. */
  readonly feature: (name: string) => Gate
}

/**
 * Gates for one of several protocols. The protocol has a name, and all its versions have the same major number. Its
 * gates cannot be decided under a version of another protocol, and no grammar or flow may mix gates of two protocols.
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
 * `compile(Kettle, { version: '1.3' })` throws: 1.3 is not a version of this protocol.
 *
 * A gate without a protocol name, such as one made by {@link since}, may be mixed with these if it has the same major
 * number. A grammar {@link under} a fixed version has no gates left and may be used anywhere.
 *
 * @throws RangeError for an invalid major number, or a version with a different major number.
 */
export const gatesOf = <const M extends number>(name: string, major: M): FamilyGates<M> => {
  expectText('the name of a protocol', name)
  if (name === '' || !Number.isInteger(major) || major < 0 || major > 255) {
    throw new RangeError(
      `a protocol needs a name and a major number from 0 to 255, not ${show(name)} and ${show(major)}`,
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

/** One gate for each protocol of the gates: for each name, and for each major number without a name. */
export type FamiliesAsked = ReadonlyMap<string, GateLeaf>

export const familiesOf = (gates: ReadonlyArray<Gate>): FamiliesAsked =>
  allFamilies(
    gates.flatMap(leavesOf).flatMap((leaf) => {
      const key = familyKey(leaf)
      return key === null ? [] : [new Map([[key, leaf]])]
    }),
  )

/** The same for several together. */
export const allFamilies = (parts: ReadonlyArray<FamiliesAsked>): FamiliesAsked => {
  const all = new Map<string, GateLeaf>()
  for (const [key, leaf] of parts.flatMap((part) => [...part])) {
    all.set(key, all.get(key) ?? leaf)
  }
  return all
}

/** A feature without a name may belong to any protocol. */
const familyKey = (leaf: GateLeaf): string | null =>
  leaf.of !== undefined
    ? `${leaf.of.major}.${leaf.of.name}`
    : leaf._tag === 'feature'
      ? null
      : String(majorOf(leaf.version))

/**
 * The named protocol of the gates; null if there is none.
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
      `${what} mixes the gates of two protocols: ${familyWords(first)} and ${familyWords(other)}; ` +
        'use under to fix the version of one of them',
    )
  }
  return of
}

const isBeside = (leaf: GateLeaf, { major }: ProtocolFamily): boolean =>
  leaf.of === undefined && leaf._tag !== 'feature' && majorOf(leaf.version) === major

const familyWords = (leaf: GateLeaf): string =>
  leaf.of === undefined ? showGate(leaf) : `${showGate(leaf)} (${leaf.of.name} ${leaf.of.major}.x)`

/** @throws TypeError for a version of another protocol than that of the gates. */
export const expectFamilyOf = (
  what: string,
  family: ProtocolFamily | null,
  of: string,
  version: ProtocolVersion | undefined,
): void => {
  if (family !== null && version !== undefined && majorOf(version) !== family.major) {
    throw new TypeError(`${what} ${isOf(family)}, but ${of} was given version ${version}`)
  }
}
