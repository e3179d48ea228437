import type { Case, Outcome } from './case.js'
import type { Facts } from './facts.js'
import type { Judged } from './judge.js'

/** That releases do something else than the protocol has, which cases come to that, and to what. */
interface Difference {
  /** The names of the releases. */
  readonly releases: ReadonlyArray<string>
  /** Identifiers, in which a star stands for anything. */
  readonly cases: ReadonlyArray<string>
  readonly outcomes: ReadonlyArray<Outcome>
  readonly because: string
}

const every = ['2.3', '2.8', '2.26', '2.34', '2.35']

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
    outcomes: ['closed', 'crashes'],
    because: 'its worker ends at some texts that are no store path',
  },
  {
    releases: ['2.8', '2.26', '2.34', '2.35'],
    cases: ['7.AddToStore@*references-count-*', '7.AddToStoreNar@*references-count-*'],
    outcomes: ['crashes'],
    because: 'its worker ends at some counts',
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
    cases: ['4.before.*', '7.*-utf-8-*', '7.*-text-*', '7.BuildDerivation@*.drv.outputs-*'],
    outcomes: ['answered', 'out of step'],
    because: 'texts are used as they are, and few of their rules are checked',
  },
  {
    releases: ['2.8'],
    cases: ['5.AddToStore@*.name-0'],
    outcomes: ['answered', 'out of step'],
    because: 'a name may begin with any dots',
  },
  {
    releases: every,
    cases: ['7.*path-text-*', '7.*paths-text-*'],
    outcomes: ['answered', 'out of step'],
    because: 'not every rule of the text of a store path is checked',
  },
  {
    releases: ['2.3', '2.8', '2.26'],
    cases: ['7.CollectGarbage@*.action-tag-*'],
    outcomes: ['answered'],
    because: 'the number of what is to be collected is not checked',
  },
  {
    releases: ['2.3', '2.8'],
    cases: ['7.Build*.mode-tag-*'],
    outcomes: ['answered'],
    because: 'the number of a way to build is not checked',
  },
]

const patterns = new Map<string, RegExp>()

const matches = (pattern: string, id: string): boolean => {
  const made =
    patterns.get(pattern) ??
    new RegExp(`^${pattern.replace(/[.+^${}()|[\]\\?]/g, '\\$&').replaceAll('*', '.*')}$`, 's')
  patterns.set(pattern, made)
  return made.test(id)
}

/** What is known of a release and not as it should be; null: nothing that this would be. */
export const known = ({ release }: Facts, { id }: Pick<Case, 'id'>, { outcome }: Judged): string | null =>
  differences.find(
    ({ releases, cases, outcomes }) =>
      release !== undefined &&
      releases.includes(release.name) &&
      outcomes.includes(outcome) &&
      cases.some((pattern) => matches(pattern, id)),
  )?.because ?? null
