import { stripVTControlCharacters } from 'node:util'
import { type Either, isLeft } from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { newestVersion, type Protocol } from '../../combinators/protocol.js'
import type { ProtocolVersion } from '../../combinators/version.js'
import { type ConnectOptions, connect } from '../../daemon/client.js'
import type { Client } from '../../daemon/client-types.js'
import { type Failure as DaemonFailure, RemoteError, showFailure } from '../../daemon/failure.js'
import type { LogLine } from '../../daemon/log.js'
import type { Target } from '../../daemon/transport.js'
import type { operations } from '../../grammar/operations/index.js'
import { IssueError } from '../../stream/issue-error.js'
import { type StorePath, StorePathFormat } from '../../types/index.js'
import { Failure } from '../failure.js'
import { protocolOf } from '../protocol-options.js'

/** What says where the daemon is and how to talk to it. */
export interface StoreOptions {
  readonly socket?: string
  readonly command?: string
  readonly protocol?: ProtocolVersion
  readonly storeDir: string
  readonly json?: true
}

export type Daemon = Client<typeof operations>

const defaultSocket = '/nix/var/nix/daemon-socket/socket'

/** `--command`, `--socket`, NIX_REMOTE, NIX_DAEMON_SOCKET_PATH, the usual place: the first that is there. */
const targetOf = ({ socket, command }: StoreOptions): Target => {
  if (command !== undefined) {
    return { command: ['/bin/sh', '-c', `exec ${command}`] }
  }
  const remote = /^unix:\/\/(\/[^?]*)/.exec(process.env.NIX_REMOTE ?? '')?.[1]
  return socket ?? remote ?? process.env.NIX_DAEMON_SOCKET_PATH ?? defaultSocket
}

const showTarget = (target: Target): string =>
  typeof target === 'string' ? target : 'command' in target ? (target.command.at(-1) ?? '') : 'the stream'

const checkedDir = ({ storeDir }: StoreOptions): Protocol =>
  protocolOf({ protocol: newestVersion, feature: [], storeDir })

/** Runs with a connection, and ends it. */
export const withDaemon = async (
  options: StoreOptions,
  run: (daemon: Daemon, where: string) => Promise<void>,
): Promise<void> => {
  checkedDir(options)
  const target = targetOf(options)
  const given: ConnectOptions = {
    storeDir: options.storeDir,
    onLog: sayLine,
    ...(options.protocol === undefined ? {} : { newest: options.protocol }),
  }
  const connected = await connect(target, given)()
  if (isLeft(connected)) {
    throw new Failure(1, `cannot talk to ${showTarget(target)}: ${plain(showFailure(connected.left))}`)
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

/** What a call gives, or the end of the command. */
export const ask = async <A>(call: TaskEither<DaemonFailure, A>): Promise<A> => {
  const answer: Either<DaemonFailure, A> = await call()
  if (isLeft(answer)) {
    throw new Failure(1, plain(showFailure(answer.left)))
  }
  return answer.right
}

const asFailure = (error: unknown): unknown => {
  if (error instanceof RemoteError) {
    return new Failure(1, plain(`the daemon says: ${error.message}`))
  }
  return error instanceof IssueError ? new Failure(1, plain(error.message)) : error
}

/** Colours are for terminals, and the daemon does not know where its words end up. */
const plain = (text: string): string =>
  process.stderr.isTTY === true ? text : stripVTControlCharacters(text)

const sayLine = (message: LogLine): void => {
  if (message._tag === 'Next') {
    process.stderr.write(plain(message.text.endsWith('\n') ? message.text : `${message.text}\n`))
  }
}

/** The arguments that must be store paths; what stands below one is cut off. */
export const storePaths = (given: ReadonlyArray<string>, options: StoreOptions): ReadonlyArray<StorePath> => {
  const { storeDir } = options
  const agreed = checkedDir(options)
  return given.map((text) => {
    const inside = text.startsWith(`${storeDir}/`) ? text.slice(storeDir.length + 1) : text
    const path = StorePathFormat.parse(`${storeDir}/${inside.replace(/\/.*$/s, '')}`, agreed)
    if (isLeft(path)) {
      throw new Failure(
        2,
        `${JSON.stringify(text)} is no path in ${storeDir} (--store-dir sets another folder)`,
      )
    }
    return path.right
  })
}
