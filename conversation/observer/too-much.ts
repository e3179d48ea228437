import type { Feed } from '../machine/feed.js'
import { Break } from '../machine/talk.js'

/** More bytes of one side wait for the other than the limit; `grammar`: the name of the conversation. */
export const tooMuchWaits = (feed: Feed, maximum: number, grammar: string): Break =>
  new Break(feed, {
    _tag: 'LimitExceeded',
    offset: feed.offset,
    path: [],
    expected: `at most ${maximum} bytes that wait for the other side`,
    actual: `${feed.unread} bytes`,
    grammar,
    limit: 'string',
    maximum,
  })
