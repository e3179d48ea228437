import { type Either, isLeft } from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { Protocol } from '../../combinators/protocol.js'
import type { ProtocolVersion } from '../../combinators/version.js'
import { connect } from '../../daemon/client.js'
import type { Client } from '../../daemon/client-types.js'
import type { ConnectOptions } from '../../daemon/connect-options.js'
import { type Failure as DaemonFailure, RemoteError, showFailure } from '../../daemon/failure.js'
import { notesOf } from '../../daemon/handshake-issue.js'
import type { LogLine } from '../../daemon/log.js'
import type { Target } from '../../daemon/transport-types.js'
import type { operations } from '../../grammar/operations/index.js'
import { IssueError } from '../../stream/issue-error.js'
import { newestVersion } from '../../types/nix-protocol.js'
import { expectText } from '../arguments.js'
import { Failure } from '../failure.js'
import { protocolOf } from '../protocol-options.js'
import { writeError } from '../terminal.js'
import { remoteOf, usualDir } from './remote.js'

/** What says where the daemon is and how to talk to it. */
export interface StoreOptions {
  readonly socket?: string
  readonly command?: string
  readonly protocol?: ProtocolVersion
  readonly storeDir?: string
  /** In seconds. */
  readonly timeout?: number
  readonly json?: true
}

export type Daemon = Client<typeof operations>

/** The daemon of `--command`, of `--socket`, or of the environment. */
const targetOf = ({ socket, command }: StoreOptions): Target =>
  command === undefined
    ? (socket ?? remoteOf(process.env).socket)
    : { command: ['/bin/sh', '-c', command], name: command }

const showTarget = (target: Target): string =>
  typeof target === 'string' ? target : 'name' in target ? target.name : 'the stream'

/**
 * The store directory for the daemon: from `--store-dir`, from the store in NIX_REMOTE, from NIX_STORE_DIR, or the
 * usual one.
 */
export const agreedDir = ({ storeDir, socket, command }: StoreOptions): Protocol => {
  const isGiven = socket !== undefined || command !== undefined
  const dir = storeDir ?? (isGiven ? undefined : remoteOf(process.env).storeDir) ?? usualDir(process.env)
  return protocolOf({ protocol: newestVersion, feature: [], storeDir: dir })
}

/**
 * How long a daemon may be silent in requests that change nothing, in seconds. It waits for locks, not for builds.
 */
export const readingTimeout = 60

/** The number of connections to a socket, if there are many requests at once. A program is started once. */
const mostConnections = 4

/**
 * Calls `run` with a connection, and closes it. `timeout` is the time limit of requests if the user gives none.
 */
export const withDaemon = async (
  options: StoreOptions,
  run: (daemon: Daemon, where: string) => Promise<void>,
  timeout = readingTimeout,
): Promise<void> => {
  const { storeDir } = agreedDir(options)
  expectText(options.socket ?? '', '--socket')
  expectText(options.command ?? '', '--command')
  const target = targetOf(options)
  const given: ConnectOptions = {
    storeDir,
    onLog: sayLine,
    timeout: (options.timeout ?? timeout) * 1000,
    connections: typeof target === 'string' ? mostConnections : 1,
    ...(options.timeout === undefined ? {} : { handshakeTimeout: options.timeout * 1000 }),
    ...(options.protocol === undefined ? {} : { newest: options.protocol }),
  }
  const connected = await connect(target, given)()
  if (isLeft(connected)) {
    throw new Failure(1, whyNot(target, connected.left))
  }
  const daemon = connected.right
  try {
    await run(daemon, showTarget(target))
  } catch (error) {
    throw asFailure(error)
  } finally {
    await daemon.close()
  }
}

/** Why there is no connection: what the other side did, or otherwise the issue. */
const whyNot = (target: Target, failure: DaemonFailure): string => {
  const name = showTarget(target)
  const notes = notesOf(failure)
  const text = notes.length === 0 ? showFailure(failure) : notes.join('; ')
  return text.includes(name) ? text : `cannot talk to ${name}: ${text}`
}

/** The result of a call; a failed one ends the command. */
export const ask = async <A>(call: TaskEither<DaemonFailure, A>): Promise<A> => answerOf(await call())

/** The same for a result that has arrived. */
export const answerOf = <A>(answer: Either<DaemonFailure, A>): A => {
  if (isLeft(answer)) {
    if ('cause' in answer.left && answer.left.cause instanceof Failure) {
      // The source of an upload failed, and has its own message.
      throw answer.left.cause
    }
    throw new Failure(1, showFailure(answer.left))
  }
  return answer.right
}

const asFailure = (error: unknown): unknown => {
  if (error instanceof RemoteError) {
    return new Failure(1, `the daemon says: ${error.message}`)
  }
  return error instanceof IssueError ? new Failure(1, error.message) : error
}

const sayLine = (message: LogLine): void => {
  if (message._tag === 'Next') {
    writeError(message.text.endsWith('\n') ? message.text : `${message.text}\n`)
  }
}
