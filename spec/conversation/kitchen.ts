import { left, right } from 'fp-ts/lib/Either.js'
import {
  named,
  since,
  size,
  struct,
  tagged,
  u8,
  u32,
  utf8,
  versionFromBits,
} from '../../combinators/index.js'
import {
  again,
  agree,
  atOnce,
  blob,
  branch,
  conversation,
  ends,
  gated,
  inFrames,
  loop,
  nothing,
  part,
  says,
  sequence,
  turns,
  unless,
} from '../../conversation/index.js'

/** The protocol of a kitchen, for the tests of conversations, independent of other protocols. */
const Hello = struct('Hello', { newest: u8 })
const Order = struct('Order', { leaf: utf8, cups: u32 })
export const Note = named(
  'Note',
  tagged('is', u8, { Remark: [0, { text: utf8 }], Done: [1, {}], Burnt: [2, { why: utf8 }] }),
)
const Verdict = named('Verdict', tagged('is', u8, { Open: [0, {}], Closed: [1, { until: utf8 }] }))

export const notes = part(
  'notes',
  loop(
    'notes',
    sequence(
      says('server', 'note', Note),
      branch('note.is', { Remark: again('notes'), Done: nothing, Burnt: again('orders') }),
    ),
    { speech: { key: 'note', done: { is: 'Done' }, failed: 'Burnt' } },
  ),
)

export const tea = sequence(says('client', 'order', Order), notes, says('server', 'tea', utf8))

const photo = sequence(
  atOnce(inFrames('client', 'photo', size, blob('client', 'pixels')), notes),
  gated(since('1.1'), says('server', 'likes', u32)),
)

export const greeting = part(
  'greeting',
  sequence(
    says('client', 'hello', Hello),
    says('server', 'welcome', Hello),
    agree('version', { hello: Hello, welcome: Hello }, 'server', ({ hello, welcome }) =>
      welcome.newest === 0
        ? left('a version above 1.0')
        : right({ version: versionFromBits(256 + Math.min(hello.newest, welcome.newest)) }),
    ),
    says('server', 'verdict', Verdict),
    branch('verdict.is', { Open: nothing, Closed: ends('server') }),
  ),
)

export const kitchen = conversation(
  'kitchen',
  sequence(
    greeting,
    unless(
      'server',
      says('server', 'farewell', utf8),
      turns('orders', says('client', 'want', u8), {
        Tea: [1, tea],
        Photo: [2, photo, since('1.1')],
        Clock: [3, says('server', 'time', utf8)],
      }),
    ),
  ),
)
