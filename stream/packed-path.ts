import type { Either } from 'fp-ts/lib/Either.js'
import { isLeft } from 'fp-ts/lib/Either.js'
import type { FieldPath, Issue } from '../combinators/issue.js'
import type { Grammar } from '../combinators/node.js'
import { checkOptions, type OptionChecks, usual } from '../combinators/options.js'
import type { Protocol } from '../combinators/protocol.js'
import { type Limits, type Plans, type Profile, plansFor } from '../interpreters/compile/resumable.js'
import { IssueError } from './issue-error.js'
import type { ByteSource } from './nar/byte-source.js'
import { type NarLimits, narLimitsCheck } from './nar/options.js'
import { type NarPiece, narPieces, wholly } from './nar/pieces.js'
import type { Source } from './source.js'

/** The protocol and the limits for the values beside the archives. */
export interface PackedPathOptions {
  readonly protocol?: Partial<Protocol>
  readonly profile?: Profile
  readonly limits?: Partial<Limits>
  readonly narLimits?: Partial<NarLimits>
}

const checks: OptionChecks<PackedPathOptions> = { ...usual, narLimits: narLimitsCheck }

/** @internal Checks the names of the options, for the function of this name. */
export const plansOf = (of: string, options: PackedPathOptions): Plans => {
  checkOptions(of, checks, options)
  const { protocol = {}, profile, limits } = options
  return plansFor(protocol, {
    ...(profile === undefined ? {} : { profile }),
    ...(limits === undefined ? {} : { limits }),
  })
}

/** @internal Reads a value; an issue has the path of its place in the stream. */
export const readValue = async <A>(
  source: ByteSource,
  plans: Plans,
  grammar: Grammar<A>,
  at: FieldPath,
): Promise<A> => expectRight(await source.read(grammar, plans), at)

/** @internal The bytes of a value, which belong to the caller. */
export const bytesOfValue = <A>(plans: Plans, grammar: Grammar<A>, value: A, at: FieldPath): Uint8Array => {
  let bytes = new Uint8Array(0)
  const written = plans.write(grammar, value, (all) => {
    bytes = all.slice()
  })
  expectRight(written, at)
  return bytes
}

const expectRight = <A>(result: Either<Issue, A>, at: FieldPath): A => {
  if (isLeft(result)) {
    throw beneath(result.left, at)
  }
  return result.right
}

const beneath = (issue: Issue, at: FieldPath): IssueError =>
  new IssueError({ ...issue, path: [...at, ...issue.path] })

/** @internal An archive in the middle of a stream. */
export async function* readArchive(
  source: ByteSource,
  limits: Partial<NarLimits> | undefined,
  at: FieldPath,
): AsyncGenerator<NarPiece, void> {
  try {
    yield* narPieces(source, limits === undefined ? {} : { limits })
  } catch (error) {
    throw error instanceof IssueError ? beneath(error.issue, at) : error
  }
}

/** @internal Checks an archive that is passed on as it comes; nothing may follow it. */
export async function* passArchive(
  source: Source,
  limits: Partial<NarLimits> | undefined,
  at: FieldPath,
): AsyncGenerator<Uint8Array, void> {
  for await (const { bytes } of wholly(source, 'the archive', (all) => readArchive(all, limits, at), at)) {
    yield bytes
  }
}
