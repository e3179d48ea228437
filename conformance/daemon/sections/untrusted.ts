import { isSome, none } from 'fp-ts/lib/Option.js'
import { holds } from '../../../combinators/gate.js'
import { type OperationName, operations } from '../../../grammar/operations/table.js'
import type { UnkeyedValidPathInfo, ValidPathInfo } from '../../../grammar/path-info.js'
import type { BaseStorePath, StorePath } from '../../../types/index.js'
import type { Case, Level, Move, Outcome, Skipped } from '../case.js'
import type { Added, Facts } from '../facts.js'
import { freshPath, manyPaths } from '../samples.js'
import { asked, type Speech, type Upload } from '../speech.js'
import { caseOf, usual } from './make.js'
import { whyNot } from './operations.js'

/** A request of an untrusted client, and its correct outcomes. */
interface Privileged {
  readonly operation: OperationName
  /** What distinguishes it from other requests of its operation; may be empty. */
  readonly title: string
  readonly level: Level
  /** The moves after the handshake; the last one is tested. */
  readonly says: ReadonlyArray<Move>
  readonly allows: ReadonlyArray<Outcome>
  readonly checks?: (reply: unknown) => string | null
}

const refused: ReadonlyArray<Outcome> = ['refused', 'refused and closed']

const asking = ({ agreed }: Speech, operation: OperationName, request: unknown, upload?: Upload): Move =>
  asked(operations[operation], agreed, request, upload)

/** A path that is neither content-addressed nor signed. */
const unsigned = (facts: Facts, name: string): { readonly info: ValidPathInfo; readonly nar: Uint8Array } => {
  const { info, nar } = freshPath(facts, name)
  const path = `${facts.storeDir}/${'1'.repeat(32)}-${name}` as StorePath
  return { info: { path, info: { ...info.info, ca: none } }, nar }
}

const onlyCensored = (reply: unknown): string | null => {
  const seen = (reply as ReadonlyArray<{ readonly link: string }>).find(({ link }) => link !== '{censored}')
  return seen === undefined ? null : `a root is told as ${seen.link}`
}

const isNotUltimate = (reply: unknown): string | null => {
  const info = reply as
    | { readonly _tag: 'None' }
    | { readonly _tag: 'Some'; readonly value: UnkeyedValidPathInfo }
  return !isSome(info)
    ? 'the path was not added'
    : info.value.ultimate
      ? 'the path counts as built here, because the client said so'
      : null
}

/** The requests that are possible at every level. */
const always = (speech: Speech): ReadonlyArray<Privileged> => [
  {
    operation: 'VerifyStore',
    title: 'with repair',
    level: 'read',
    says: [asking(speech, 'VerifyStore', { checkContents: false, repair: true })],
    allows: refused,
  },
]

/** Additions and builds for which a client needs trust, and data that it must not get. */
const additions = (
  facts: Facts,
  { leaf, drv, out, basic }: Added,
  speech: Speech,
): ReadonlyArray<Privileged> => {
  const one = unsigned(facts, 'nix-wire-unsigned')
  const another = unsigned(facts, 'nix-wire-unsigned-among-many')
  const ultimate = freshPath(facts, 'nix-wire-ultimate')
  const options = { repair: false, dontCheckSigs: true }
  const outputs = new Map([['out', { _tag: 'InputAddressed', path: out }]])
  return [
    {
      operation: 'FindRoots',
      title: 'behind AddTempRoot',
      level: 'write',
      says: [asking(speech, 'AddTempRoot', { path: leaf.path }), asking(speech, 'FindRoots', {})],
      allows: ['answered'],
      checks: onlyCensored,
    },
    {
      operation: 'AddToStoreNar',
      title: 'of a path without a signature',
      level: 'write',
      says: [asking(speech, 'AddToStoreNar', { info: one.info, ...options }, { content: one.nar })],
      allows: refused,
    },
    {
      operation: 'AddMultipleToStore',
      title: 'of a path without a signature',
      level: 'write',
      says: [asking(speech, 'AddMultipleToStore', options, { content: manyPaths(facts, [another]) })],
      allows: refused,
    },
    {
      operation: 'QueryPathInfo',
      title: 'of a path that was added as ultimate',
      level: 'write',
      says: [
        asking(
          speech,
          'AddToStoreNar',
          { info: { ...ultimate.info, info: { ...ultimate.info.info, ultimate: true } }, ...options },
          { content: ultimate.nar },
        ),
        asking(speech, 'QueryPathInfo', { path: ultimate.info.path }),
      ],
      allows: ['answered'],
      checks: isNotUltimate,
    },
    {
      operation: 'AddBuildLog',
      title: '',
      level: 'write',
      says: [
        asking(
          speech,
          'AddBuildLog',
          { drvPath: drv.slice(facts.storeDir.length + 1) as BaseStorePath },
          { content: new TextEncoder().encode('a log\n') },
        ),
      ],
      allows: refused,
    },
    {
      operation: 'BuildPaths',
      title: 'with repair',
      level: 'build',
      says: [asking(speech, 'BuildPaths', { paths: [{ _tag: 'Opaque', path: leaf.path }], mode: 'Repair' })],
      allows: refused,
    },
    {
      operation: 'BuildDerivation',
      title: 'of an input-addressed derivation',
      level: 'build',
      says: [asking(speech, 'BuildDerivation', { drvPath: drv, drv: { ...basic, outputs }, mode: 'Normal' })],
      allows: refused,
    },
  ]
}

/** What a daemon must refuse to an untrusted client, or must not believe. */
export const untrustedCases = (facts: Facts): ReadonlyArray<Case | Skipped> => {
  const speech = usual(facts)
  const all = [...always(speech), ...(facts.added === null ? [] : additions(facts, facts.added, speech))]
  return all
    .filter(({ operation }) => holds(operations[operation].gate, speech.agreed))
    .map(({ operation, title: special, ...rest }) => {
      const id = `4.untrusted.${operation}`
      const title = `${operation}${special === '' ? '' : ` ${special}`}, by a client that is not trusted`
      const reason =
        facts.trusts === true
          ? 'the daemon trusts this client'
          : facts.trusts === null
            ? 'the daemon does not say whether it trusts this client; --untrusted says that it does not'
            : whyNot(facts, operation, speech)
      return reason === null
        ? caseOf(facts, { id, section: 4, title, speech, ...rest })
        : { id, section: 4, title, reason }
    })
}
