import { builtLater } from '../../conversation/flow.js'
import { branch } from '../../conversation/kinds/branch.js'
import { ends } from '../../conversation/kinds/ends.js'
import { noted, part } from '../../conversation/kinds/labels.js'
import { again, loop } from '../../conversation/kinds/loop.js'
import { says } from '../../conversation/kinds/says.js'
import { nothing, sequence } from '../../conversation/kinds/sequence.js'
import { LogMessage } from '../logging.js'
import { Bytes } from '../primitives.js'

const message = builtLater(() => says('server', 'log', LogMessage))
const more = builtLater(() => again('log'))
const telling = { Next: more, StartActivity: more, StopActivity: more, Result: more }
const failed = builtLater(() => again('operations'))
const options = { speech: { key: 'log', done: { _tag: 'Last' }, failed: 'Error' } } as const

/** The log of an operation; its reply comes after it. */
export const log = builtLater(() =>
  part(
    'log',
    loop('log', sequence(message, branch('log._tag', { ...telling, Last: nothing, Error: failed })), options),
  ),
)

/** The log of an operation that asks for its upload piece by piece. */
export const pullingLog = builtLater(() =>
  part(
    'pulling log',
    loop(
      'log',
      sequence(
        message,
        branch('log._tag', {
          ...telling,
          Read: sequence(
            noted(
              'at least one byte; an empty answer means the end of what the client has',
              says('client', 'answer', Bytes, { atMost: 'log.wanted' }),
            ),
            more,
          ),
          Last: nothing,
          Error: failed,
        }),
      ),
      options,
    ),
  ),
)

/** The log of an operation whose download comes in pieces between its messages. */
export const pushingLog = builtLater(() =>
  part(
    'pushing log',
    loop(
      'log',
      sequence(message, branch('log._tag', { ...telling, Write: more, Last: nothing, Error: failed })),
      options,
    ),
  ),
)

/** The log that ends the handshake. */
export const handshakeLog = builtLater(() =>
  loop(
    'log',
    sequence(message, branch('log._tag', { ...telling, Last: nothing, Error: ends('server') })),
    options,
  ),
)
