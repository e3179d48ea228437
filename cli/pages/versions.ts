import { markdownTable } from '../../bytes/markdown-table.js'
import { type Gate, leavesOf } from '../../combinators/gate.js'
import { ordVersion, type ProtocolVersion } from '../../combinators/version.js'
import { determinate } from '../../grammar/determinate.js'
import * as features from '../../grammar/features.js'
import { determinateOperations } from '../../grammar/operations/dialects.js'
import type { AnyOperation } from '../../grammar/operations/operation.js'
import { operations } from '../../grammar/operations/table.js'
import { sections } from '../../grammar/sections.js'
import { gatedParts } from './gated-parts.js'
import { linkTo, pageOfParts } from './sections.js'

/** A version or a feature on which something depends, and in which direction. */
interface Asked {
  readonly kind: 'since' | 'before' | 'feature'
  readonly of: string
}

const asked = (gate: Gate): ReadonlyArray<Asked> =>
  leavesOf(gate).map((leaf) => ({
    kind: leaf._tag,
    of: leaf._tag === 'feature' ? leaf.feature : leaf.version,
  }))

interface Change extends Asked {
  readonly what: string
  readonly isOperation: boolean
}

const change = (gate: Gate, what: string): ReadonlyArray<Change> =>
  asked(gate).map((each) => ({ ...each, what, isOperation: false }))

const grammars = sections.flatMap((section) => section.grammars)
const names = new Set(grammars.map(([name]) => name))

const ofGrammars: ReadonlyArray<Change> = grammars.flatMap(([name, grammar]) =>
  gatedParts(grammar, names).flatMap(({ gate, path, kind }) => {
    const part = `${linkTo(name)}${path.length === 0 ? '' : ` \`${path.join('.')}\``}`
    return change(gate, kind === 'form' ? `form of ${part}` : part)
  }),
)

const linkToOperation = (name: string): string => `[${name}](operations.md#${name.toLowerCase()})`

const ofOperation = ({ name, gate, streams }: AnyOperation): ReadonlyArray<Change> => [
  ...change(gate, linkToOperation(name)).map((each) => ({ ...each, isOperation: true })),
  ...streams.flatMap((stream) =>
    JSON.stringify(stream.gate) === JSON.stringify(gate)
      ? []
      : change(stream.gate, `${stream.way} ${stream.direction} of ${linkToOperation(name)}`),
  ),
]

const ofOperations = Object.values(operations).flatMap(ofOperation)

const isOfDialect = (gate: Gate): boolean =>
  determinate._tag === 'anyOf' &&
  determinate.gates.some((each) => JSON.stringify(each) === JSON.stringify(gate))

/** The operations that Determinate Nix has in addition to those of Nix. */
const ofDialect: ReadonlyArray<Change> = Object.values(determinateOperations).flatMap((operation) => {
  const { name, request, reply } = operation
  const isOther = !Object.values<AnyOperation>(operations).includes(operation)
  const parts = isOther ? [request, reply].flatMap((grammar) => gatedParts(grammar, names)) : []
  return [
    ...(Object.hasOwn(operations, name) ? [] : ofOperation(operation)),
    ...parts
      .filter(({ gate }) => isOfDialect(gate))
      .flatMap(({ gate }) => change(gate, `path infos of ${linkToOperation(name)}`)),
  ]
})

const unique = (texts: ReadonlyArray<string>): string => [...new Set(texts)].join(', ')

const changes = [...ofOperations, ...ofGrammars]
const versions = [...new Set(changes.filter(({ kind }) => kind !== 'feature').map(({ of }) => of))].sort(
  (a, b) => ordVersion.compare(a as ProtocolVersion, b as ProtocolVersion),
)

const versionRow = (version: string): ReadonlyArray<string> => {
  const those = (kind: Asked['kind'], isOperation: boolean): string =>
    unique(
      changes
        .filter((each) => each.kind === kind && each.of === version && each.isOperation === isOperation)
        .map(({ what }) => what),
    )
  const gone = [those('before', true), those('before', false)].filter((text) => text !== '').join(', ')
  return [version, those('since', true), those('since', false), gone]
}

/** Who supports a feature, and which effects a grammar cannot show. */
const notes: { readonly [F in keyof typeof features]: string } = {
  realisationWithPath: 'since Nix 2.35',
  deleteDeadSpecificReferrers: 'since Nix 2.35',
  disableSetOptions:
    'since Nix 2.35, on sockets inside a build; the client sends no SetOptions after the handshake',
  addToStoreScanning: 'since Nix 2.36, on sockets inside a build',
  submitOutput: 'since Nix 2.36, on the sockets of `builder-rpc-v0`',
  queryActiveBuilds: 'Determinate Nix',
  addTempRoots: 'Determinate Nix',
  queryPathInfos: 'Determinate Nix',
  provenance: 'Determinate Nix; one more field, a JSON text on the origin of a path',
  versionedAddToStoreMultiple:
    'Determinate Nix; path infos inside AddMultipleToStore have the form of the negotiated protocol, not that of 1.16',
}

const featureRows = Object.entries(features).map(([key, gate]) => {
  const name = gate._tag === 'feature' ? gate.feature : ''
  const uses = [...changes, ...ofDialect].filter(({ kind, of }) => kind === 'feature' && of === name)
  return [
    `\`${name}\``,
    unique(uses.map(({ what, isOperation }) => `${isOperation ? 'operation ' : ''}${what}`)),
    notes[key as keyof typeof features],
  ]
})

/** The page of all that depends on the negotiated protocol; checked in as docs/versions-and-features.md. */
export const versionsPage = (): string =>
  pageOfParts(
    '# Versions and features',
    'Printed from the gates of the grammars and of the table of operations by `npm run docs:protocol`; not edited by\n' +
      'hand.',
    'A connection has the lower of the two versions that the sides name in the [handshake](handshake.md), and from\n' +
      '1.38 on the features that both name. 1.38 is the newest version number: every later change is a feature.',
    '## Versions',
    'The table shows what exists from a version on, and what only below it. A "form" is one of several that a value has. The syntax\n' +
      `of texts is not in the table: that of a ${linkTo('DerivedPath')} is another one below 1.30.`,
    markdownTable(
      ['version', 'operations from it on', 'on the wire from it on', 'only below it'],
      versions.map(versionRow),
    ),
    '## Features',
    markdownTable(['feature', 'what depends on it', ''], featureRows),
  )
