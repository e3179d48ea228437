import type { StreamFailure } from '../combinators/issue.js'

export type NoConnection = StreamFailure & { readonly notes: ReadonlyArray<string> }

/** Node's error for a connection that could not be made. */
interface ConnectError extends Error {
  readonly code?: string
  readonly address?: string
  readonly port?: number
}

export const isConnectError = (error: unknown): error is ConnectError =>
  error instanceof Error && 'syscall' in error && error.syscall === 'connect'

const reasons: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'no daemon listens at PLACE: there is no such file'],
  ['ENOTDIR', 'no daemon listens at PLACE: there is no such file'],
  ['ECONNREFUSED', 'no daemon listens at PLACE'],
  ['ENOTSOCK', 'no daemon listens at PLACE: it is not a socket'],
  ['EACCES', 'this user may not connect to PLACE'],
  ['EPERM', 'this user may not connect to PLACE'],
  ['EAGAIN', 'the daemon at PLACE accepts no connection: too many clients wait'],
])

const placeOf = ({ address, port }: ConnectError): string =>
  address === undefined ? 'the other end' : port === undefined ? address : `${address} port ${port}`

/** There is no daemon. `place` is its address, if the error does not contain it. */
export const unreachable = (error: ConnectError, place: string = placeOf(error)): NoConnection => {
  const { code = '' } = error
  const known = reasons.get(code)
  const note =
    known === undefined
      ? `cannot connect to ${place}: ${error.message}`
      : `${known.replace('PLACE', () => place)} (${code})`
  return noConnection(note, error)
}

/** There is no connection, for the reason in `note`. */
export const noConnection = (note: string, cause: Error): NoConnection => ({
  _tag: 'SourceFailed',
  offset: 0,
  path: [],
  expected: 'a connection to a daemon',
  actual: `none: ${note}`,
  grammar: 'connection',
  cause,
  notes: [note],
})
