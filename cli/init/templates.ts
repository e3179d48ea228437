/** The files of a new project by their names. `version`: that of this package. */
export const projectFiles = (
  name: string,
  version: string,
): ReadonlyArray<readonly [file: string, text: string]> => [
  ['package.json', packageJson(name, version)],
  ['protocol.js', protocol],
  ['protocol.spec.js', spec],
  ['decoder.js', decoder],
  ['README.md', readme(name)],
  ['.gitignore', 'node_modules\nfuzz-findings\n'],
]

const packageJson = (name: string, version: string): string => {
  const text = {
    name,
    version: '0.0.0',
    private: true,
    type: 'module',
    scripts: {
      test: "mocha --timeout 120000 '*.spec.js'",
      fuzz: "nix-wire fuzz Order --module ./protocol.js --exec 'node decoder.js'",
    },
    dependencies: { 'nix-wire': `^${version}` },
    devDependencies: { mocha: '^12.0.3' },
  }
  return `${JSON.stringify(text, null, 2)}\n`
}

const protocol = `import { named, refine, since, struct, tagged, u8, utf8, versioned } from 'nix-wire'
import { again, branch, conversation, loop, nothing, says, sequence, turns } from 'nix-wire/conversation'

/** What is ordered: a leaf, and how many cups. From version 1.1 on with milk, or without. */
export const Order = struct('Order', {
  leaf: refine(utf8, 'a text that is not empty', (text) => text.length > 0),
  cups: u8,
  milk: versioned(since('1.1'), u8, 0),
})

/** What the kitchen says while it works: a remark, that it is done, or why it gives up. */
export const Note = named(
  'Note',
  tagged('is', u8, { Remark: [0, { text: utf8 }], Done: [1, {}], Burnt: [2, { why: utf8 }] }),
)

const notes = loop(
  'notes',
  sequence(
    says('server', 'note', Note),
    branch('note.is', { Remark: again('notes'), Done: nothing, Burnt: again('orders') }),
  ),
  { speech: { key: 'note', done: { is: 'Done' }, failed: 'Burnt' } },
)

/** Who says what, when: turn by turn the client orders, and the server answers. */
export const kitchen = conversation(
  'kitchen',
  turns('orders', says('client', 'what', u8), {
    Tea: [1, sequence(says('client', 'order', Order), notes, says('server', 'cup', utf8))],
  }),
)

/** What holds unless a command is told otherwise. */
export const protocol = { version: '1.1', features: [] }
`

const spec = `import { strict as assert } from 'node:assert'
import { bytesOf, compile } from 'nix-wire'
import { describeConversationLaws, describeLaws } from 'nix-wire/laws'
import { kitchen, Note, Order, protocol } from './protocol.js'

describe('Order', () => {
  it('lies on the wire like this', () => {
    const { decode, encode } = compile(Order, protocol)
    const order = { leaf: 'mint', cups: 2, milk: 1 }
    const bytes = bytesOf('0400000000000000 6d696e74 00000000 0200000000000000 0100000000000000')
    assert.deepEqual(encode(order), { _tag: 'Right', right: bytes })
    assert.deepEqual(decode(bytes), { _tag: 'Right', right: order })
  })
})

// What holds for every grammar and every conversation, over values, bytes and sessions that are made up.
describeLaws(Order, { versions: ['1.0', '1.1'] })
describeLaws(Note)
describeConversationLaws(kitchen, { protocol })
`

const decoder = `/**
 * A decoder of Order (version 1.1) that knows nothing of nix-wire, as a program in any language may be one: it reads a
 * message from standard input, and exits with 0 to accept it or with 1 to refuse it. \`npm run fuzz\` looks for its mistakes.
 */
import { readFileSync } from 'node:fs'

const bytes = readFileSync(0)
let at = 0

const refuse = (why) => {
  console.error(\`byte \${at}: \${why}\`)
  process.exit(1)
}

const integer = (most) => {
  if (at + 8 > bytes.length) {
    refuse('the message ends within an integer')
  }
  const value = bytes.readBigUInt64LE(at)
  if (value > most) {
    refuse(\`an integer above \${most}\`)
  }
  at += 8
  return Number(value)
}

const text = () => {
  const length = integer(2n ** 53n - 1n)
  const end = at + length
  const padded = Math.ceil(length / 8) * 8
  if (at + padded > bytes.length) {
    refuse('the message ends within a text')
  }
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(at, end))
  } catch {
    refuse('a text that is not UTF-8')
  }
  if (bytes.subarray(end, at + padded).some((byte) => byte !== 0)) {
    refuse('padding that is not zero')
  }
  at += padded
  return length
}

if (text() === 0) {
  refuse('an empty leaf')
}
integer(255n)
integer(255n)
if (at !== bytes.length) {
  refuse('bytes behind the message')
}
`

const readme = (name: string): string => `# ${name}

A protocol in the words of [nix-wire](https://github.com/nix-wire/nix-wire): \`protocol.js\` says what messages are made of, and who
says what, when. All else follows from it.

\`\`\`sh
npm install
npm test        # the bytes of a message, and the laws of grammars and conversations
npm run fuzz    # looks for mistakes in decoder.js, which stands for a program of yours
\`\`\`

The commands take it too:

\`\`\`sh
npx nix-wire grammar --module ./protocol.js
npx nix-wire sample Order -n 3 --module ./protocol.js > orders.bin
npx nix-wire decode Order --many --module ./protocol.js orders.bin
npx nix-wire sample --session Tea --module ./protocol.js --out sessions
npx nix-wire session --module ./protocol.js sessions/000000.client.bin sessions/000000.server.bin
\`\`\`
`
