import {
  type AnyFlow,
  builtLater,
  type ClientOf,
  type FailuresOf,
  type Flow,
  type ServerOf,
} from '../../conversation/flow.js'
import { branch } from '../../conversation/kinds/branch.js'
import { conversation } from '../../conversation/kinds/conversation.js'
import { noted, part } from '../../conversation/kinds/labels.js'
import { loop } from '../../conversation/kinds/loop.js'
import { says } from '../../conversation/kinds/says.js'
import { nothing, sequence } from '../../conversation/kinds/sequence.js'
import { turns } from '../../conversation/kinds/turns.js'
import { unless } from '../../conversation/kinds/unless.js'
import { Int } from '../integers.js'
import { LogMessage } from '../logging.js'
import type { OperationTable } from '../operations/table.js'
import { type CallOf, callsOf } from './call.js'
import type { Contents } from './contents.js'
import { handshake } from './handshake.js'

/**
 * The message of a daemon that closes the connection: its error again, or an error in place of another message.
 */
const departure = builtLater(() =>
  part(
    'departure',
    loop(
      'departure',
      sequence(
        says('server', 'log', LogMessage),
        branch('log._tag', {
          Next: nothing,
          StartActivity: nothing,
          StopActivity: nothing,
          Result: nothing,
          Error: nothing,
        }),
      ),
      { end: 'server' },
    ),
  ),
)

/** The operations that a client requests, one after another, until it closes or the daemon breaks off. */
export const workerTurns = <const T extends OperationTable>(
  table: T,
  contents: Contents,
): Flow<unknown, unknown, MenuOf<T>, unknown> =>
  noted(
    'a request that it cannot read, an operation that it does not have: the error twice',
    unless(
      'server',
      departure,
      turns('operations', says('client', 'operation', Int), callsOf(table, contents)),
    ),
  ) as AnyFlow as Flow<unknown, unknown, MenuOf<T>, unknown>

type MenuOf<T extends OperationTable> = { readonly [N in keyof T]: CallOf<T[N]> }

/** The whole conversation of a client and a daemon. */
export type WorkerOf<T extends OperationTable> = Flow<
  ClientOf<typeof handshake>,
  ServerOf<typeof handshake>,
  MenuOf<T>,
  FailuresOf<typeof handshake>
>

/**
 * The conversation of a client and a daemon: the handshake, and then the operations of a table, turn by turn.
 *
 * ```ts
 * import { observe } from 'nix-wire/conversation'
 * import { operations, workerOf } from 'nix-wire/grammar'
 * import { narDelimiter } from 'nix-wire/stream'
 *
 * const observer = observe(workerOf(operations, { archive: narDelimiter }))
 * observer.wants('client') // => true
 * ```
 *
 * @throws TypeError for two operations with the same id.
 */
export const workerOf = <const T extends OperationTable>(table: T, contents: Contents): WorkerOf<T> =>
  conversation(
    'worker',
    sequence(handshake, workerTurns(table, contents) as AnyFlow),
  ) as AnyFlow as WorkerOf<T>
