import type { StandardSchemaV1 } from '@standard-schema/spec'
import { type Either, isLeft, isRight } from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { type Issue, showIssue } from '../combinators/issue.js'
import { type SchemaFor, type StandardProps, standardProps } from '../types/standard.js'
import { issueError } from './issue-context.js'

/** The functions of a {@link GrammarType}. */
export interface Ways<A, O> {
  readonly name: string
  readonly read: (input: unknown) => Either<ReadonlyArray<Issue>, A>
  readonly write: (value: A) => Either<Issue, O>
  /** Whether a value can be written. */
  readonly is: (value: unknown) => boolean
  readonly schema: SchemaFor
}

const standardIssue = (issue: Issue): StandardSchemaV1.Issue => ({
  message: showIssue(issue),
  path: issue.path,
})

const standardOf = <A, O>({ name, read, schema }: Ways<A, O>): StandardProps<O, A> =>
  standardProps(
    name,
    (input) => {
      const found = read(input)
      return isRight(found) ? { value: found.right } : { issues: found.left.map(standardIssue) }
    },
    schema,
  )

/**
 * A grammar as an io-ts codec and as a Standard Schema. `decode` reports all issues: each error of io-ts has the
 * issue itself under `issue`, and the issue's path in its `context`, so that a reporter names the field. `encode`
 * throws a TypeError for a value that cannot be encoded, since the type should have prevented it.
 */
export class GrammarType<A, O> extends t.Type<A, O, unknown> {
  readonly #ways: Ways<A, O>
  #standard: StandardProps<O, A> | null = null

  constructor(ways: Ways<A, O>) {
    super(
      ways.name,
      (value): value is A => ways.is(value),
      (input, context) => {
        const read = ways.read(input)
        return isLeft(read)
          ? t.failures(read.left.map((issue) => issueError(issue, input, context)))
          : t.success(read.right)
      },
      (value) => {
        const written = ways.write(value)
        if (isRight(written)) {
          return written.right
        }
        throw new TypeError(`not a value of ${ways.name}: ${showIssue(written.left)}`)
      },
    )
    this.#ways = ways
  }

  /** The Standard Schema. */
  get '~standard'(): StandardProps<O, A> {
    this.#standard ??= standardOf(this.#ways)
    return this.#standard
  }
}
