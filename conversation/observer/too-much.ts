import type { Feed } from '../machine/feed.js'
import { Break } from '../machine/talk.js'

/** Of one side more waits for the other than may be held; `grammar`: what is followed. */
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
