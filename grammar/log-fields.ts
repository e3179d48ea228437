import { none, type Option, some } from 'fp-ts/lib/Option.js'
import { ActivityType, type DeterminateResultType, type ResultType } from './enums.js'
import type { Field } from './field.js'

/** The value of a field of each kind; undefined if the field is of another kind. */
const kinds = {
  text: (field: Field): string | undefined => (field.type === 'String' ? field.value : undefined),
  number: (field: Field): bigint | undefined => (field.type === 'Int' ? field.value : undefined),
  flag: (field: Field): boolean | undefined =>
    field.type === 'Int' && field.value <= 1n ? field.value === 1n : undefined,
  activity: (field: Field): ActivityType | undefined =>
    field.type === 'Int' && field.value <= 0xffff_ffffn ? activityOf(field.value) : undefined,
}

type Kind = keyof typeof kinds
type Shape = { readonly [name: string]: Kind }
type Shapes = { readonly [type: string]: Shape }

/** The fields of the activities, in their order. */
export const activityShapes = {
  Unknown: {},
  CopyPath: { path: 'text', from: 'text', to: 'text' },
  FileTransfer: { uri: 'text' },
  Realise: {},
  CopyPaths: {},
  Builds: {},
  Build: { drvPath: 'text', machine: 'text', round: 'number', rounds: 'number' },
  OptimiseStore: {},
  VerifyPaths: {},
  Substitute: { path: 'text', substituter: 'text' },
  QueryPathInfo: { path: 'text', uri: 'text' },
  PostBuildHook: { drvPath: 'text' },
  FetchTree: {},
  FetchToStore: { source: 'text', dryRun: 'flag' },
} as const satisfies Shapes

/** The fields of the results, in their order. */
export const resultShapes = {
  FileLinked: { bytes: 'number', blocks: 'number' },
  BuildLogLine: { line: 'text' },
  UntrustedPath: { path: 'text' },
  CorruptedPath: { path: 'text' },
  SetPhase: { phase: 'text' },
  Progress: { done: 'number', expected: 'number', running: 'number', failed: 'number' },
  SetExpected: { activity: 'activity', expected: 'number' },
  PostBuildLogLine: { line: 'text' },
  FetchStatus: { text: 'text' },
  FetchToStore: { path: 'text' },
} as const satisfies Shapes

/** A record for each shape, distinguished by its name. */
type Records<S extends Shapes> = {
  readonly [T in keyof S]: { readonly _tag: T } & {
    readonly [N in keyof S[T]]: NonNullable<ReturnType<(typeof kinds)[S[T][N]]>>
  }
}[keyof S]

/** Fields of an unknown type, or of an unknown number for their type. */
export interface RawFields<T> {
  readonly _tag: 'Raw'
  readonly type: T
  readonly fields: ReadonlyArray<Field>
}

/** A build that waits for another one, which the daemon may name. */
export interface BuildWaiting {
  readonly _tag: 'BuildWaiting'
  readonly paths: Option<{ readonly drvPath: string; readonly resolvedDrvPath: string }>
}

/** The fields of an activity by name, depending on its type. Paths and URIs are as the daemon wrote them. */
export type ActivityFields = Records<typeof activityShapes> | BuildWaiting | RawFields<ActivityType>

/** The fields of a result by name, depending on its type. */
export type ResultFields = Records<typeof resultShapes> | RawFields<ResultType | DeterminateResultType>

type Values = { readonly [name: string]: unknown }

/** The fields by their names, if they have exactly this shape. */
const valuesOf = (shape: Shape, fields: ReadonlyArray<Field>): Values | undefined => {
  const names = Object.entries(shape)
  if (names.length !== fields.length) {
    return undefined
  }
  const entries = names.map(([name, kind], i) => [name, kinds[kind](fields[i]!)] as const)
  return entries.every(([, value]) => value !== undefined) ? Object.fromEntries(entries) : undefined
}

const record = <S extends Shapes>(
  shapes: S,
  type: string | number,
  fields: ReadonlyArray<Field>,
): Records<S> | undefined => {
  const shape = Object.hasOwn(shapes, type) ? shapes[type] : undefined
  const values = shape === undefined ? undefined : valuesOf(shape, fields)
  // The shape belongs to the type, and the values fit it.
  return values === undefined ? undefined : ({ _tag: type, ...values } as Records<S>)
}

const waiting = (fields: ReadonlyArray<Field>): BuildWaiting | undefined => {
  if (fields.length === 0) {
    return { _tag: 'BuildWaiting', paths: none }
  }
  const [drvPath, resolvedDrvPath] = fields.map(kinds.text)
  return fields.length === 2 && drvPath !== undefined && resolvedDrvPath !== undefined
    ? { _tag: 'BuildWaiting', paths: some({ drvPath, resolvedDrvPath }) }
    : undefined
}

/**
 * Names the fields of an activity. It never fails: fields of an unknown type, and fields that do not have the shape
 * of their type, stay as they are (`Raw`).
 *
 * ```ts
 * import { activityFields } from 'nix-wire/grammar'
 *
 * const substitute = activityFields('Substitute', [
 *   { type: 'String', value: '/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo' },
 *   { type: 'String', value: 'https://cache.nixos.org' },
 * ])
 * substitute._tag === 'Substitute' && substitute.substituter // => 'https://cache.nixos.org'
 * activityFields('FileTransfer', []) // => { _tag: 'Raw', type: 'FileTransfer', fields: [] }
 * ```
 *
 * Source: the reference implementation; the specification leaves the fields open.
 */
export const activityFields = (type: ActivityType, fields: ReadonlyArray<Field>): ActivityFields =>
  (type === 'BuildWaiting' ? waiting(fields) : record(activityShapes, type, fields)) ?? {
    _tag: 'Raw',
    type,
    fields,
  }

/**
 * Names the fields of a result. It never fails: fields of an unknown type, and fields that do not have the shape of
 * their type, stay as they are (`Raw`).
 *
 * ```ts
 * import { resultFields } from 'nix-wire/grammar'
 *
 * resultFields('SetExpected', [{ type: 'Int', value: 105n }, { type: 'Int', value: 3n }])
 * // => { _tag: 'SetExpected', activity: 'Build', expected: 3n }
 * resultFields(999, []) // => { _tag: 'Raw', type: 999, fields: [] }
 * ```
 *
 * Sizes are in bytes. Source: the reference implementation; the specification leaves the fields open.
 */
export const resultFields = (
  type: ResultType | DeterminateResultType,
  fields: ReadonlyArray<Field>,
): ResultFields => record(resultShapes, type, fields) ?? { _tag: 'Raw', type, fields }

const activityNames: ReadonlyMap<bigint, ActivityType> = new Map(
  ActivityType.node._tag === 'choice'
    ? ActivityType.node.cases.map(({ name, tag }) => [BigInt(tag), name as ActivityType] as const)
    : [],
)

/** An activity's type in the grammar: its name, or a number without one. */
const activityOf = (number: bigint): ActivityType => activityNames.get(number) ?? Number(number)
