import { codeOf } from '../daemon/sockets.js'
import { Failure } from './failure.js'
import { showName, showReason } from './nar/show.js'

/** Why a socket cannot be made. A command that was started with `npx`, or in the background, often outlives what ended it. */
export const cannotListen = (path: string, error: unknown): Failure =>
  new Failure(
    2,
    codeOf(error) === 'EADDRINUSE'
      ? `cannot listen at ${showName(path)}: another process listens there, perhaps an earlier nix-wire that still runs; or it is not a socket`
      : `cannot listen at ${showName(path)}: ${showReason(error)}`,
  )
