/**
 * A protocol that has nothing to do with Nix: a kitchen takes orders, says what it does meanwhile, and brings tea. The
 * commands take it with `--module examples/kitchen/kitchen.js`.
 */
import { either as E } from 'fp-ts'
import { feature, listOf, named, size, struct, summarised, tagged, u8, u32, utf8, versioned } from 'nix-wire'
import {
  again,
  agree,
  atOnce,
  blob,
  branch,
  conversation,
  inFrames,
  loop,
  nothing,
  says,
  sequence,
  turns,
} from 'nix-wire/conversation'

/** What is ordered. Milk is a feature. */
export const Order = summarised(
  'a leaf, and drops of milk',
  struct('Order', { leaf: utf8, milk: versioned(feature('milk'), u8, 0) }),
)

/** What the kitchen says while it works. */
export const Note = summarised(
  'a remark, the end of the work, or why there is none',
  named('Note', tagged('is', u8, { Remark: [0, { text: utf8 }], Done: [1, {}], Burnt: [2, { why: utf8 }] })),
)

const Names = listOf(utf8)

const notes = loop(
  'notes',
  sequence(
    says('server', 'note', Note),
    branch('note.is', { Remark: again('notes'), Done: nothing, Burnt: again('orders') }),
  ),
  { speech: { key: 'note', done: { is: 'Done' }, failed: 'Burnt' } },
)

const photo = inFrames('client', 'photo', size, blob('client', 'pixels'))

const features = agree('features', { asks: Names, has: Names }, 'server', ({ asks, has }) =>
  E.right({ features: asks.filter((name) => has.includes(name)) }),
)

/** Who says what, from the first word to the last. */
export const kitchen = conversation(
  'kitchen',
  sequence(
    says('client', 'asks', Names),
    says('server', 'has', Names),
    features,
    turns('orders', says('client', 'order', u8), {
      Tea: [1, sequence(says('client', 'tea', Order), notes, says('server', 'cup', utf8))],
      Photo: [2, sequence(atOnce(photo, notes), says('server', 'likes', u32))],
    }),
  ),
)

/** What holds unless something else is given. */
export const protocol = { features: ['milk'] }
