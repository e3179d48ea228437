import * as G from '../../../grammar/index.js'
import type { AnyGrammar, Grammar } from '../../../index.js'
import { framed, lazy, listOf, mapOf, setOf, struct, u64 } from '../../../index.js'

interface Tree {
  readonly label: bigint
  readonly children: ReadonlyArray<Tree>
}
const Tree: Grammar<Tree> = struct('Tree', { label: u64, children: listOf(lazy(() => Tree)) })

/** The types that the decoders of `decoders.py` read. */
export const pythonTypes = {
  'List<Text>': listOf(G.Text),
  'Set<String>': setOf(G.String),
  'Map<String,UInt64>': mapOf(G.String, u64),
  StorePath: G.StorePath,
  NARHash: G.NARHash,
  Signature: G.Signature,
  ContentAddress: G.ContentAddress,
  DerivedPath: G.DerivedPath,
  DerivationOutput: G.DerivationOutput,
  Nar: G.Nar,
} as const satisfies { readonly [type: string]: AnyGrammar }

/** The types that those of `decoders.ts` read. */
export const javaScriptTypes = {
  Bool64: G.Bool64,
  'List<UInt64>': listOf(u64),
  'Framed<String>': framed(G.String),
  Field: G.Field,
  BuildStatus: G.BuildStatus,
  ProtocolVersion: G.ProtocolVersion,
  OptMicroseconds: G.OptMicroseconds,
  Tree,
} as const satisfies { readonly [type: string]: AnyGrammar }

export type PlantedType = keyof typeof pythonTypes | keyof typeof javaScriptTypes

export const grammarOf = (type: PlantedType): Grammar<unknown> =>
  ({ ...pythonTypes, ...javaScriptTypes })[type] as AnyGrammar as Grammar<unknown>

/** The kinds of faults that only an input of one sort shows. */
export type Sort = 'too strict' | 'sizes' | 'checked values' | 'letters' | '32 bits' | 'form' | 'wrong value'

export interface PlantedFault {
  readonly type: PlantedType
  readonly fault: string
  readonly sort: Sort
  /** The check that finds it, and the number of runs within which it does. */
  readonly check: 'accept' | 'value'
  readonly runs: number
}

type Row = readonly [sort: Sort, fault: string, runs: number]

const ofType = (type: PlantedType, ...rows: ReadonlyArray<Row>): ReadonlyArray<PlantedFault> =>
  rows.map(([sort, fault, runs]) => ({
    type,
    fault,
    sort,
    check: sort === 'wrong value' ? 'value' : 'accept',
    runs,
  }))

export const faults: ReadonlyArray<PlantedFault> = [
  ...ofType(
    'List<Text>',
    ['form', 'bytes behind the message', 5000],
    ['form', 'padding unchecked', 5000],
    ['form', 'only the first byte of padding checked', 5000],
    ['sizes', 'strings of 160 bytes', 5000],
    ['sizes', 'strings of 1023 bytes', 5000],
    ['sizes', 'lengths of 16 bits', 5000],
    ['sizes', 'at most 8 items', 5000],
    ['sizes', 'at most 16 items', 5000],
    ['sizes', 'counts of 8 bits', 5000],
    ['32 bits', 'lengths of 32 bits', 5000],
    ['32 bits', 'counts of 32 bits', 5000],
    ['wrong value', 'bytes that are not UTF-8 lost', 5000],
    ['wrong value', 'byte order mark dropped', 5000],
    ['wrong value', 'text up to the first NUL', 5000],
  ),
  ...ofType(
    'Set<String>',
    ['too strict', 'sets must ascend', 5000],
    ['too strict', 'sets must have each item once', 5000],
    ['wrong value', 'second of two equal items dropped', 5000],
    ['wrong value', 'sets sorted when read', 5000],
  ),
  ...ofType(
    'Map<String,UInt64>',
    ['too strict', 'maps must ascend', 5000],
    ['wrong value', 'numbers through a double', 5000],
    ['wrong value', 'first of two entries counts', 5000],
  ),
  ...ofType(
    'StorePath',
    ['too strict', 'paths are not cleaned up', 5000],
    ['too strict', 'no way up in a path', 5000],
    ['letters', '~ and @ in names', 5000],
    ['letters', 'spaces in names', 5000],
    ['letters', 'e, o, t and u in hashes', 5000],
    ['letters', 'upper case in hashes', 5000],
    ['checked values', 'dots as names', 5000],
    ['sizes', 'names of 255 characters', 5000],
    ['wrong value', 'paths kept as they came', 5000],
  ),
  ...ofType(
    'NARHash',
    ['too strict', 'digests in base16 only', 5000],
    ['too strict', 'digests in lower case only', 5000],
    ['letters', 'first symbol of nix32 unchecked', 5000],
    ['wrong value', 'hashes kept as they came', 5000],
  ),
  ...ofType(
    'Signature',
    ['too strict', 'padding of base64 is needed', 5000],
    ['too strict', 'free text is no signature', 5000],
    ['wrong value', 'signatures kept as they came', 5000],
    ['wrong value', '- and _ in base64', 5000],
  ),
  ...ofType(
    'ContentAddress',
    ['too strict', 'digests in nix32 only', 5000],
    ['letters', 'upper case in nix32', 5000],
    ['letters', 'digests of any algorithm', 5000],
    ['letters', '- and _ in base64', 5000],
    ['wrong value', 'trees taken for flat files', 5000],
  ),
  ...ofType(
    'DerivedPath',
    ['too strict', 'output names must ascend', 5000],
    ['letters', '65 levels of derivations', 5000],
    ['letters', '~ and @ in names', 5000],
    ['sizes', '9 levels of derivations', 5000],
    ['wrong value', 'output names kept as they came', 5000],
  ),
  ...ofType(
    'DerivationOutput',
    ['checked values', 'a fixed output without its path', 5000],
    ['too strict', 'a hash without an algorithm refused', 5000],
    ['wrong value', 'a hash without an algorithm kept', 5000],
  ),
  ...ofType(
    'Nar',
    ['checked values', '. for an entry', 5000],
    ['checked values', '.. for an entry', 5000],
    ['checked values', 'a slash in an entry', 5000],
    ['checked values', 'NUL in an entry', 5000],
    ['checked values', 'NUL in a target', 5000],
    ['checked values', 'entries in any order', 5000],
    ['checked values', 'entries twice', 5000],
    ['checked values', 'a text for an executable', 5000],
    ['sizes', 'entry names of any length', 5000],
    ['sizes', 'targets of any length', 5000],
    ['sizes', 'ten levels of directories', 5000],
    ['sizes', 'any number of levels', 5000],
    ['wrong value', 'executables are plain files', 5000],
  ),
  ...ofType(
    'Bool64',
    ['too strict', 'bools above 1 refused', 5000],
    ['too strict', 'bools above 2^32 refused', 5000],
    ['wrong value', 'bools of 32 bits', 5000],
    ['wrong value', 'bools of one bit', 5000],
  ),
  ...ofType(
    'List<UInt64>',
    ['sizes', 'at most 16 integers', 5000],
    ['sizes', 'at most 255 integers', 5000],
    ['32 bits', 'counts of 32 bits', 5000],
    ['wrong value', 'integers of 32 bits', 5000],
    ['wrong value', 'integers through a number', 5000],
  ),
  ...ofType(
    'Framed<String>',
    ['too strict', 'more than one frame refused', 5000],
    ['too strict', 'bytes behind the value in frames refused', 5000],
    ['32 bits', 'frames of 32 bits', 5000],
  ),
  ...ofType(
    'Field',
    ['32 bits', 'tags of 32 bits', 5000],
    ['32 bits', 'tags of 8 bits', 5000],
    ['form', '2 is a text too', 5000],
    ['too strict', 'texts must be UTF-8', 5000],
    ['wrong value', 'integers of 63 bits', 5000],
  ),
  ...ofType(
    'BuildStatus',
    ['32 bits', 'statuses of 32 bits', 5000],
    ['form', 'one more status', 5000],
    ['wrong value', 'two statuses in each other’s place', 5000],
  ),
  ...ofType(
    'ProtocolVersion',
    ['too strict', 'high bits of a version refused', 5000],
    ['32 bits', 'versions of 64 bits', 5000],
    ['wrong value', 'minors of 7 bits', 5000],
  ),
  ...ofType(
    'OptMicroseconds',
    ['32 bits', 'tags of 8 bits', 5000],
    ['form', 'durations of 64 bits', 5000],
    ['wrong value', 'durations of 32 bits', 5000],
  ),
  ...ofType(
    'Tree',
    ['sizes', 'nine levels of trees', 5000],
    ['sizes', 'any number of levels', 5000],
    ['wrong value', 'children in reverse', 5000],
  ),
]
