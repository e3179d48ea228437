import { holds, since } from '../../combinators/gate.js'
import type { Protocol } from '../../combinators/protocol.js'
import type { LogMessage } from '../../grammar/logging.js'

/** Log messages that a server may send before a reply: a line, and an activity from start to stop. */
export const logSamples = (agreed: Partial<Protocol>): ReadonlyArray<LogMessage> => {
  const line: LogMessage = { _tag: 'Next', text: 'a line of nix-wire conformance\n' }
  const activities: ReadonlyArray<LogMessage> = [
    {
      _tag: 'StartActivity',
      id: 7n,
      level: 'Talkative',
      type: 'CopyPath',
      text: 'an activity of nix-wire conformance',
      fields: ['a path', 'here', 'there'].map((value) => ({ type: 'String', value })),
      parent: 0n,
    },
    {
      _tag: 'Result',
      id: 7n,
      type: 'Progress',
      fields: [1n, 2n, 0n, 0n].map((value) => ({ type: 'Int', value })),
    },
    { _tag: 'StopActivity', id: 7n },
  ]
  const { version = '1.10', features = [] } = agreed
  return [line, ...(holds(since('1.20'), { version, features }) ? activities : [])]
}

/** The error of a server that cannot fulfil a request. */
export const errorSample: LogMessage = {
  _tag: 'Error',
  error: {
    level: 'Error',
    msg: 'an error of nix-wire conformance',
    exitStatus: 1,
    traces: [{ hint: 'what led to it' }],
  },
}
