import { isSome, type Option, some } from 'fp-ts/lib/Option.js'
import type { AnyGrammar, Grammar } from '../combinators/node.js'
import { beneath, type Talk } from '../conversation/machine/talk.js'
import { Int } from '../grammar/integers.js'
import { type AnyOperation, Nothing, One } from '../grammar/operations/operation.js'
import type { StreamSummary } from './events.js'
import type { Opened } from './opened.js'

/** The only place where nothing is known of a value but that its grammar describes it. */
export const typed = (grammar: AnyGrammar): Grammar<unknown> => grammar as Grammar<unknown>

// A client ignores the integer; the reader of a recording may want to know it.
const grammarOf = ({ reply }: AnyOperation): Grammar<unknown> => typed(reply === One ? Int : reply)

/** Reads what stands after the log: a reply, or nothing after an error. */
export function* readReply(
  opened: Opened,
  operation: AnyOperation | null,
  stream: Option<StreamSummary>,
): Talk<void> {
  const { talk, log } = opened
  if (isSome(log.error)) {
    opened.fail({ error: log.error, stream })
  } else if (operation === null || operation.reply === Nothing) {
    opened.end({ outcome: 'none', stream })
  } else {
    const grammar = grammarOf(operation)
    talk.serverTrail.begin('reply', grammar, talk.server.offset, talk.during)
    const value = yield* beneath(['reply'], talk.value(talk.server, grammar))
    opened.end({ outcome: 'reply', reply: some(value), stream })
  }
}
