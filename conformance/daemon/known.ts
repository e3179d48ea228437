import type { Case, Outcome } from './case.js'
import type { Facts } from './facts.js'
import type { Judged } from './judge.js'

/** A known deviation of releases from the protocol: the cases that show it, and their outcome. */
interface Difference {
  /** The names of the releases. */
  readonly releases: ReadonlyArray<string>
  /** Identifiers, in which a star matches anything. */
  readonly cases: ReadonlyArray<string>
  readonly outcomes: ReadonlyArray<Outcome>
  /** The texts that they accept, if that is the deviation. Default: any. */
  readonly texts?: (storeDir: string) => RegExp
  readonly because: string
}

const escaped = (text: string): string => text.replace(/[.+^${}()|[\]\\?*]/g, '\\$&')

const letter = '[0-9a-zA-Z+\\-._?=]'
const hash = '[0-9abcdfghijklmnpqrsvwxyz]{32}'

/** Texts with a store directory, or names in it, with characters for bytes. */
const inStore =
  (rest: string): NonNullable<Difference['texts']> =>
  (storeDir) =>
    new RegExp(`^(?:${escaped(storeDir)}/)?${rest}$`, 's')

/** Nix 2.3 checks only the beginning and the length of a store path. */
const anyPath = inStore('[^/]{32,}')
/** No release checks the byte after the hash; the outputs of a derivation may follow. */
const anyHyphen = inStore(`${hash}[^-](?!\\.{1,2}(?:-|!|$))${letter}{1,211}(?:!.*)?`)
const dotted = inStore(`${hash}-\\.{1,2}(?:-.*|!.*)?`)
const anyOutput: NonNullable<Difference['texts']> = () => /^\w+:[0-9a-zA-Z+/=]+!/
const anyOutputs = inStore(`${hash}-${letter}{1,211}!.*`)
/** The path of a fixed output follows from its hash, so the given path is only checked as a file name. */
const absolute: NonNullable<Difference['texts']> = () => /^\//

const broken: ReadonlyArray<Outcome> = ['answered', 'out of step']

const differences: ReadonlyArray<Difference> = [
  {
    releases: ['2.8', '2.26', '2.34', '2.35'],
    cases: ['4.after.AddSignatures'],
    outcomes: ['closed', 'crashes'],
    because: 'its worker ends at some requests about paths that are not valid',
  },
  {
    releases: ['2.8', '2.26', '2.34', '2.35'],
    cases: ['4.before.0', '7.*path-text-not-empty', '7.*paths-text-not-empty'],
    outcomes: ['crashes'],
    because: 'its worker ends at some texts that are no store path',
  },
  {
    releases: ['2.8', '2.26', '2.34', '2.35'],
    cases: ['7.AddToStore@*references-count-*', '7.AddToStoreNar@*references-count-*'],
    outcomes: ['crashes'],
    because: 'its worker ends at some counts',
  },
  {
    releases: ['2.8', '2.26', '2.34', '2.35'],
    cases: ['4.untrusted.AddBuildLog', '7.AddToStore@*.method-*'],
    outcomes: ['out of step'],
    because: 'an upload that it refuses at once is not read to its end, and read as operations',
  },
  {
    releases: ['2.8'],
    cases: ['5.AddToStore@*.end-*'],
    outcomes: ['crashes'],
    because: 'its worker ends with a signal when a connection ends inside an upload',
  },
  {
    releases: ['2.3'],
    cases: ['7.EnsurePath@*', '7.BuildPaths@*'],
    outcomes: ['crashes'],
    because: 'its worker ends at some texts that are no store path',
  },
  {
    releases: ['2.3'],
    cases: ['4.before.3', '4.before.4'],
    outcomes: ['answered'],
    because: 'a store path is any text of the store directory',
  },
  {
    releases: ['2.3'],
    cases: ['7.*-utf-8-*', '7.*-text-*'],
    outcomes: broken,
    texts: anyPath,
    because: 'a store path is any text of the store directory',
  },
  {
    releases: ['2.3'],
    cases: ['7.QuerySubstitutablePathInfo@*.path-utf-8-*', '7.QuerySubstitutablePathInfo@*.path-text-*'],
    outcomes: ['answered'],
    because: 'what could be substituted is not looked for where nothing can be, whatever its path',
  },
  {
    releases: ['2.3'],
    cases: ['7.AddToStore@*.hashalgo-utf-8-*', '7.AddToStore@*.hashalgo-text-*'],
    outcomes: ['answered'],
    because: 'the algorithm is not looked at where it cannot be another one',
  },
  {
    releases: ['2.3'],
    cases: ['7.BuildDerivation@*.drv.outputs-*'],
    outcomes: ['answered'],
    because: 'the outputs of a derivation are texts without rules',
  },
  {
    releases: ['2.8', '2.26', '2.34', '2.35'],
    cases: ['7.*-text-*'],
    outcomes: broken,
    texts: anyHyphen,
    because: 'any byte may stand between the hash and the name of a store path',
  },
  {
    releases: ['2.8'],
    cases: ['5.AddToStore@*.name-0'],
    outcomes: broken,
    because: 'a name may begin with any dots',
  },
  {
    releases: ['2.8'],
    cases: ['7.*-text-*'],
    outcomes: broken,
    texts: dotted,
    because: 'a name may begin with any dots',
  },
  {
    releases: ['2.8'],
    cases: ['7.QueryMissing@*.paths-text-*', '7.BuildPaths*@*.paths-text-*'],
    outcomes: broken,
    texts: anyOutputs,
    because: 'the name of an output is any text',
  },
  {
    releases: ['2.8', '2.26', '2.34'],
    cases: ['7.QueryRealisation@*.output-text-*', '7.QueryRealisation@*.output-utf-8-*'],
    outcomes: ['answered'],
    texts: anyOutput,
    because: 'the name of an output is any text',
  },
  {
    releases: ['2.8', '2.26', '2.34'],
    cases: [
      '7.BuildDerivation@*.drv.outputs-.value.path-text-*',
      '7.BuildDerivation@*.drv.outputs-.value.path-utf-8-*',
    ],
    outcomes: broken,
    texts: absolute,
    because: 'the path of an output that is fixed by its hash is any file name',
  },
  {
    releases: ['2.3', '2.8', '2.26'],
    cases: ['7.CollectGarbage@*.action-tag-*'],
    outcomes: ['answered'],
    because: 'the number of what is to be collected is not checked',
  },
  {
    releases: ['2.3', '2.8'],
    cases: [
      '7.BuildPaths@*.mode-tag-*',
      '7.BuildPathsWithResults@*.mode-tag-*',
      '7.BuildDerivation@*.mode-tag-*',
    ],
    outcomes: ['answered'],
    because: 'the number of a way to build is not checked',
  },
]

const patterns = new Map<string, RegExp>()

const matches = (pattern: string, id: string): boolean => {
  const made = patterns.get(pattern) ?? new RegExp(`^${pattern.split('*').map(escaped).join('.*')}$`, 's')
  patterns.set(pattern, made)
  return made.test(id)
}

/** The known deviation of a release that explains the outcome; null if there is none. */
export const known = (
  { release, storeDir }: Pick<Facts, 'release' | 'storeDir'>,
  { id, text = null }: Pick<Case, 'id' | 'text'>,
  { outcome }: Pick<Judged, 'outcome'>,
): string | null =>
  differences.find(
    ({ releases, cases, outcomes, texts }) =>
      release !== undefined &&
      releases.includes(release.name) &&
      outcomes.includes(outcome) &&
      cases.some((pattern) => matches(pattern, id)) &&
      (texts === undefined || (text !== null && texts(storeDir).test(text))),
  )?.because ?? null
