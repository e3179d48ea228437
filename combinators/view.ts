import type { Either } from 'fp-ts/lib/Either.js'
import type { ImapNode } from './node.js'

/** The functions of an `imap`, for values of any type. */
export interface View {
  readonly from: (inner: unknown) => Either<string, unknown>
  readonly to: (outer: unknown) => Either<string, unknown>
  readonly nearest?: (inner: unknown) => unknown
}

/** The functions are typed for the values of their own grammar, a type that nodes do not keep. */
export const viewOf = (node: Pick<ImapNode, 'from' | 'to' | 'nearest'>): View => node as View
