import { left, right } from 'fp-ts/lib/Either.js'
import type { Issue } from '../../combinators/index.js'
import {
  feature,
  listOf,
  paddedBytes,
  size,
  struct,
  tagged,
  u8,
  u32,
  u64,
  utf8,
} from '../../combinators/index.js'
import {
  again,
  agree,
  atOnce,
  blob,
  branch,
  conversation,
  type Delimiter,
  gated,
  inFrames,
  inPieces,
  loop,
  nothing,
  says,
  sequence,
  turns,
  unless,
} from '../../conversation/index.js'

/** A second protocol, with messages sent at once, in pieces, and broken off. */
const Names = listOf(utf8)

/** Pairs of bytes: `.` and another byte, finally `;` and another byte. The other byte is not 0. */
const noPair = (offset: number, byte: number): Issue => ({
  _tag: byte === 0 ? 'UnexpectedValue' : 'UnknownTag',
  offset,
  path: [],
  expected: '. or ;, and not 0',
  actual: String(byte),
  grammar: 'pairs',
})

export const pairs: Delimiter = {
  name: 'pairs',
  open: (start) => {
    let offset = start
    let isHalf = false
    let isLast = false
    return {
      get keptFrom() {
        return isHalf ? offset - 1 : offset
      },
      push: (chunk) => {
        for (const [at, byte] of chunk.entries()) {
          if (isHalf ? byte === 0 : byte !== 0x2e && byte !== 0x3b) {
            return noPair(isHalf ? offset - 1 : offset, byte)
          }
          offset++
          if (isHalf && isLast) {
            return { used: at + 1, over: true }
          }
          isLast = byte === 0x3b
          isHalf = !isHalf
        }
        return { used: chunk.length, over: false }
      },
      finish: () => ({
        _tag: 'UnexpectedEnd',
        offset: isHalf ? offset - 1 : offset,
        path: [],
        expected: '2 bytes',
        actual: `${isHalf ? 1 : 0} bytes`,
        grammar: 'pairs',
        missing: isHalf ? 1 : 2,
      }),
    }
  },
}

const Note = tagged('is', u8, {
  Remark: [0, { text: utf8 }],
  Done: [1, {}],
  Burnt: [2, { why: utf8 }],
})

const notes = loop(
  'notes',
  sequence(
    says('server', 'note', Note),
    branch('note.is', { Remark: again('notes'), Done: nothing, Burnt: again('jobs') }),
  ),
)

const Ask = tagged('is', u8, {
  More: [0, { most: u32 }],
  Enough: [1, {}],
  Fire: [2, { what: utf8 }],
})

/** A photo, which the server requests piece by piece. */
const photo = sequence(
  inPieces(
    'client',
    'photo',
    sequence(says('client', 'width', u8), blob('client', 'pixels', pairs)),
    loop(
      'asking',
      sequence(
        says('server', 'ask', Ask),
        branch('ask.is', {
          More: sequence(says('client', 'piece', paddedBytes, { atMost: 'ask.most' }), again('asking')),
          Enough: nothing,
          Fire: again('jobs'),
        }),
      ),
    ),
    { of: 'piece', asks: { key: 'ask', value: { is: 'More' }, size: 'most' } },
  ),
  says('server', 'likes', u32),
)

const Told = tagged('is', u8, { Part: [0, { data: paddedBytes, mood: u8 }], End: [1, {}] })

/** A tale, which the server sends in parts. */
const tale = inPieces(
  'server',
  'tale',
  sequence(says('server', 'lines', u8), loop('each', says('server', 'line', utf8), { times: 'lines' })),
  loop(
    'telling',
    sequence(says('server', 'told', Told), branch('told.is', { Part: again('telling'), End: nothing })),
  ),
  { of: 'told.data', wrapped: { is: 'Part', mood: 6 } },
)

const Leaf = struct('Leaf', { name: utf8, grams: u64 })

/** Leaves with their weights: frames around messages with a count and a check. */
const bag = sequence(
  atOnce(
    inFrames(
      'client',
      'bag',
      size,
      sequence(
        says('client', 'count', size),
        loop(
          'leaves',
          sequence(
            says('client', 'leaf', Leaf),
            agree('weight', { leaf: Leaf }, 'client', ({ leaf }) =>
              leaf.grams > 0n ? right({}) : left('a leaf of some weight'),
            ),
          ),
          { times: 'count' },
        ),
      ),
    ),
    notes,
  ),
  says('server', 'grams', u64),
)

export const pantry = conversation(
  'pantry',
  sequence(
    atOnce(says('client', 'offers', Names), says('server', 'takes', Names)),
    agree('features', { offers: Names, takes: Names }, 'server', ({ offers, takes }) =>
      takes.every((name) => offers.includes(name))
        ? right({ version: '1.1', features: takes })
        : left('names that the client offers'),
    ),
    gated(feature('milk'), says('client', 'milk', u32)),
    unless(
      'server',
      says('server', 'farewell', utf8),
      turns('jobs', says('client', 'job', u8), {
        Photo: [1, photo],
        Tale: [2, tale],
        Bag: [3, bag],
        Letter: [4, sequence(atOnce(blob('client', 'letter', pairs), notes), says('server', 'answer', utf8))],
        Sky: [
          7,
          sequence(says('server', 'sky', u8), branch('sky', { Sun: [1, nothing], Rain: [2, nothing] })),
        ],
        Wind: [
          8,
          sequence(
            says('server', 'from', u8),
            says('server', 'force', u64),
            branch('from', { North: [1, nothing], South: [2, nothing] }),
          ),
        ],
        Soup: [5, blob('server', 'soup', pairs)],
        Lemon: [6, sequence(says('client', 'slices', Leaf), says('server', 'lemon', utf8)), feature('lemon')],
      }),
    ),
  ),
)
