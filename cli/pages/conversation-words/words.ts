import type { Protocol } from '../../../combinators/protocol.js'

/**
 * What passes in an example: a message by its key, with a JavaScript expression of its value; raw bytes of a key, in
 * hexadecimal; or a side that closes the connection.
 */
export type Passed =
  | { readonly key: string; readonly value: string }
  | { readonly key: string; readonly bytes: string }
  | { readonly closes: 'client' | 'server' }

/** An exported word of conversations, with an example that the page follows byte by byte. */
export interface FlowWord {
  readonly word: string
  readonly line: string
  /** A flow made with it, as a JavaScript expression, and a session of it; none for functions that make no flow. */
  readonly example?: {
    readonly flow: string
    readonly passes: ReadonlyArray<Passed>
    readonly protocol?: Partial<Protocol>
  }
}

export interface FlowWordGroup {
  readonly title: string
  readonly about: string
  readonly words: ReadonlyArray<FlowWord>
}

/** `[key, expression of the value]`, or a side that closes. */
type Brief = readonly [key: string, value: string] | Passed

const word = (
  name: string,
  line: string,
  flow: string,
  passes: ReadonlyArray<Brief>,
  protocol?: Partial<Protocol>,
): FlowWord => ({
  word: name,
  line,
  example: {
    flow,
    passes: passes.map((each): Passed => (isPair(each) ? { key: each[0], value: each[1] } : each)),
    ...(protocol === undefined ? {} : { protocol }),
  },
})

const isPair = (each: Brief): each is readonly [string, string] => Array.isArray(each)

const helper = (name: string, line: string): FlowWord => ({ word: name, line })

const messages: FlowWordGroup = {
  title: 'Messages',
  about:
    'A message has a key. Later parts of the turn refer to its value by this key, as in `cups`, or to a field of it, as in `order.cups`.',
  words: [
    word('says', 'one message of one side', "says('client', 'cups', u8)", [['cups', '2']]),
    word(
      'says',
      'with `atMost`: an earlier number is the most bytes or items that it may have',
      "sequence(says('client', 'most', u8), says('server', 'sugar', paddedBytes, { atMost: 'most' }))",
      [
        ['most', '4'],
        ['sugar', "bytesOf('cafe')"],
      ],
    ),
    word(
      'sequence',
      'parts one after another',
      "sequence(says('client', 'cups', u8), says('server', 'tea', utf8))",
      [
        ['cups', '2'],
        ['tea', "'mint'"],
      ],
    ),
    word('nothing', 'no message: the flow goes on', 'nothing', []),
  ],
}

const version12 = { version: '1.2', features: [] } as const

const decisions: FlowWordGroup = {
  title: 'Decisions',
  about: 'What follows depends on an earlier value, or on what both sides agreed on.',
  words: [
    word(
      'branch',
      'an earlier value decides: the name of its case, or a label',
      "sequence(says('server', 'open', bool64), branch('open', { Open: [true, says('client', 'cups', u8)], Closed: [false, nothing] }))",
      [
        ['open', 'true'],
        ['cups', '2'],
      ],
    ),
    word(
      'branch',
      'the same, with a flow for any other value',
      "sequence(says('client', 'cups', u8), branch('cups', { None: [0, nothing] }, says('server', 'tea', utf8)))",
      [
        ['cups', '2'],
        ['tea', "'mint'"],
      ],
    ),
    word(
      'gated',
      'only if a gate holds',
      "sequence(says('client', 'cups', u8), gated(since('1.2'), says('client', 'milk', u8)))",
      [
        ['cups', '2'],
        ['milk', '1'],
      ],
      version12,
    ),
    word(
      'gated',
      'the same, with a flow if it does not hold',
      "gated(feature('milk'), says('client', 'milk', u8), says('client', 'lemon', u8))",
      [['lemon', '3']],
      version12,
    ),
    word(
      'agree',
      'both sides compute a part of the protocol from earlier messages, or find that they cannot go on, for which one side is to blame',
      "sequence(says('client', 'mine', u32), says('server', 'yours', u32), agree('version', { mine: u32, yours: u32 }, 'server', ({ mine, yours }) => right({ version: versionFromBits(Math.min(mine, yours)) })), gated(since('1.2'), says('client', 'milk', u8)))",
      [
        ['mine', '259'],
        ['yours', '258'],
        ['milk', '1'],
      ],
    ),
  ],
}

const loops: FlowWordGroup = {
  title: 'Repetition',
  about: 'A loop has a name. Both sides see how long it goes on, and each round takes at least one byte.',
  words: [
    word(
      'turns',
      'requests of the client until it closes; each case is a method of the client and a handler of the server',
      "turns('orders', says('client', 'order', u8), { Tea: [1, says('server', 'tea', utf8)], Clock: [2, says('server', 'time', utf8)] })",
      [['order', '2'], ['time', "'noon'"], ['order', '1'], ['tea', "'mint'"], { closes: 'client' }],
    ),
    word(
      'turns',
      'the same; only some versions or features have a case with a gate',
      "turns('orders', says('client', 'order', u8), { Tea: [1, says('server', 'tea', utf8)], Clock: [2, says('server', 'time', utf8), since('1.2')] })",
      [['order', '2'], ['time', "'noon'"], { closes: 'client' }],
      version12,
    ),
    word(
      'loop',
      'one round, and one more for each `again` with its name',
      "loop('leaves', sequence(says('client', 'more', bool64), branch('more', { More: [true, sequence(says('client', 'leaf', u8), again('leaves'))], End: [false, nothing] })))",
      [
        ['more', 'true'],
        ['leaf', '5'],
        ['more', 'false'],
      ],
    ),
    word(
      'loop',
      'with `times`: as many rounds as an earlier number says',
      "sequence(says('client', 'cups', u8), loop('cups', says('server', 'tea', utf8), { times: 'cups' }))",
      [
        ['cups', '2'],
        ['tea', "'mint'"],
        ['tea', "'assam'"],
      ],
    ),
    word(
      'loop',
      'with `end`: as many rounds as that side begins',
      "loop('sums', sequence(says('client', 'a', u8), says('server', 'square', u8)), { end: 'client' })",
      [['a', '3'], ['square', '9'], { closes: 'client' }],
    ),
    word(
      'loop',
      'with `speech`: one side speaks until it is done; a handler’s right is sent as `done`, its left as `failed`, and a client’s method gives them as a right and a left',
      "turns('orders', says('client', 'order', u8), { Tea: [1, loop('notes', sequence(says('server', 'note', Note), branch('note.is', { Remark: again('notes'), Done: nothing, Burnt: again('orders') })), { speech: { key: 'note', done: { is: 'Done' }, failed: 'Burnt' } })] })",
      [
        ['order', '1'],
        ['note', "{ is: 'Remark', text: 'hot' }"],
        ['note', "{ is: 'Done' }"],
        { closes: 'client' },
      ],
    ),
    word(
      'again',
      'back to the head of a loop around it; out of inner loops, as a failure ends a turn',
      "turns('orders', says('client', 'order', u8), { Tea: [1, sequence(says('server', 'note', Note), branch('note.is', { Remark: nothing, Done: nothing, Burnt: again('orders') }), says('server', 'tea', utf8))] })",
      [['order', '1'], ['note', "{ is: 'Burnt', why: 'late' }"], { closes: 'client' }],
    ),
  ],
}

const raw: FlowWordGroup = {
  title: 'Streams of bytes',
  about: 'Bytes of any length, which both sides stream: they are never in memory as a whole.',
  words: [
    word(
      'blob',
      'raw bytes of one side, to the end of what carries them',
      "inFrames('client', 'photo', size, blob('client', 'pixels'))",
      [{ key: 'photo', bytes: '0200000000000000 ffd8 0000000000000000' }],
    ),
    word(
      'endOf',
      'a delimiter: the raw bytes end where a flow of that side ends',
      "blob('client', 'bag', endOf('two leaves', 'client', sequence(says('client', 'a', u8), says('client', 'b', u8))))",
      [{ key: 'bag', bytes: '0500000000000000 0600000000000000' }],
    ),
    word(
      'inFrames',
      'a flow of one side, cut into frames: each is a length and as many bytes, and a length of 0 ends them; with `brokenOff`, another length says that this side gives up',
      "inFrames('client', 'bag', size, says('client', 'leaf', u8))",
      [{ key: 'bag', bytes: '0600000000000000 050000000000 0200000000000000 0000 0000000000000000' }],
    ),
    word(
      'inPieces',
      'a flow of one side, cut into pieces, which are messages of another flow; the other side may ask for each',
      "inPieces('client', 'photo', blob('client', 'pixels'), loop('asking', sequence(says('server', 'ask', Ask), branch('ask.is', { More: sequence(says('client', 'piece', paddedBytes, { atMost: 'ask.most' }), again('asking')), Enough: nothing }))), { of: 'piece', asks: { key: 'ask', value: { is: 'More' }, size: 'most' } })",
      [
        ['ask', "{ is: 'More', most: 4 }"],
        ['piece', "bytesOf('ffd8')"],
        ['ask', "{ is: 'Enough' }"],
      ],
    ),
  ],
}

const concurrent: FlowWordGroup = {
  title: 'At once, and at any moment',
  about: 'Where the order of the two sides is open.',
  words: [
    word(
      'atOnce',
      'concurrent parts of different sides: none waits for the other',
      "atOnce(says('client', 'photo', utf8), says('server', 'note', utf8))",
      [
        ['note', "'hot'"],
        ['photo', "'cup'"],
      ],
    ),
    word(
      'unless',
      'a flow that one side may break off at any moment, with a last message',
      "unless('server', says('server', 'farewell', utf8), turns('orders', says('client', 'order', u8), { Count: [1, says('server', 'cups', u8)] }))",
      [['order', '1'], ['cups', '7'], ['farewell', "'late'"], { closes: 'server' }],
    ),
    word(
      'ends',
      'one side closes the connection, and the conversation is over',
      "sequence(says('server', 'open', bool64), branch('open', { Open: [true, says('client', 'cups', u8)], Closed: [false, ends('server')] }))",
      [['open', 'false'], { closes: 'server' }],
    ),
  ],
}

const names: FlowWordGroup = {
  title: 'Names',
  about: 'The same messages, with a name or a note for people.',
  words: [
    word(
      'conversation',
      'a complete flow with a name; checks that it refers to nothing outside',
      "conversation('kitchen', says('client', 'cups', u8))",
      [['cups', '2']],
    ),
    word(
      'part',
      'a named part, which a page prints once and links to',
      "part('greeting', says('client', 'cups', u8))",
      [['cups', '2']],
    ),
    word('noted', 'a note beside it, on pages', "noted('at most nine', says('client', 'cups', u8))", [
      ['cups', '2'],
    ]),
  ],
}

const tools: FlowWordGroup = {
  title: 'What follows a flow',
  about:
    'What takes a flow. `toSessions` and `checkConversationLaws` of `nix-wire/laws` make sessions of it, and test it.',
  words: [
    helper('connectFlow', 'a client, over any pair of Web Streams'),
    helper('serveFlow', 'a server, over any pair of Web Streams'),
    helper('observe', 'an observer: the events of a connection, from the bytes of both sides'),
    helper('toTable', 'a table in Markdown'),
    helper('toDiagram', 'a sequence diagram in Mermaid'),
    helper('toSvg', 'a sequence diagram as an image'),
    helper('namedParts', 'the named parts inside, for a page'),
    helper('ConversationError', 'what reading a stream throws if the connection breaks; it has the reason'),
  ],
}

/** All exports of `nix-wire/conversation`, in the order of the page and of the reference. */
export const flowWordGroups: ReadonlyArray<FlowWordGroup> = [
  messages,
  decisions,
  loops,
  raw,
  concurrent,
  names,
  tools,
]
