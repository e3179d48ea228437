import type { Eq } from 'fp-ts/lib/Eq.js'
import type { Monoid } from 'fp-ts/lib/Monoid.js'
import { Ord as ordNumber } from 'fp-ts/lib/number.js'
import { contramap, type Ord } from 'fp-ts/lib/Ord.js'
import { getMonoid } from 'fp-ts/lib/ReadonlyArray.js'
import { getSemigroup, type ReadonlyNonEmptyArray } from 'fp-ts/lib/ReadonlyNonEmptyArray.js'
import { min, type Semigroup } from 'fp-ts/lib/Semigroup.js'
import { equalValues } from '../bytes/equal.js'
import type { Issue } from '../combinators/issue.js'

/** Two issues are equal if all their properties are. */
export const eqIssue: Eq<Issue> = { equals: equalValues }

/** Orders issues by their offsets. Different issues at the same byte compare as equal. */
export const ordIssueOffset: Ord<Issue> = contramap(({ offset }: Issue) => offset)(ordNumber)

/** Of two issues the one with the lower offset; at the same byte, the first argument. */
export const firstIssue: Semigroup<Issue> = min(ordIssueOffset)

/**
 * Concatenates issues, for a validation that goes on after the first.
 *
 * ```ts
 * import { bytesOf, strictBool } from 'nix-wire'
 * import { toValidator } from 'nix-wire/interpreters'
 * import { allIssues } from 'nix-wire/validation'
 * import { either as E, function as F, readonlyArray as RA } from 'fp-ts'
 *
 * const validate = toValidator(strictBool)
 * F.pipe(
 *   [bytesOf('0200000000000000'), bytesOf('0100000000000000'), bytesOf('01')],
 *   RA.traverse(E.getApplicativeValidation(allIssues))(validate),
 *   E.mapLeft((issues) => issues.map(({ _tag }) => _tag)),
 * ) // => { _tag: 'Left', left: ['OutOfRange', 'UnexpectedEnd'] }
 * ```
 */
export const allIssues: Semigroup<ReadonlyNonEmptyArray<Issue>> = getSemigroup<Issue>()

/** Concatenates lists of issues that may be empty. */
export const issueList: Monoid<ReadonlyArray<Issue>> = getMonoid<Issue>()
