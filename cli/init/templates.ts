/** The language of the sources of a new project. */
export type Language = 'js' | 'ts'

/** The files of a new project by name. `version`: the version of this package. */
export const projectFiles = (
  name: string,
  version: string,
  language: Language,
): ReadonlyArray<readonly [file: string, text: string]> => [
  ['package.json', packageJson(name, version, language)],
  ...(language === 'ts' ? [['tsconfig.json', json(tsconfig)] as const] : []),
  [`protocol.${language}`, protocol(language)],
  [`protocol.spec.${language}`, spec],
  ['decoder.js', decoder],
  ['README.md', readme(name, language)],
  ['.gitignore', 'node_modules\nfuzz-findings\n'],
]

const json = (value: object): string => `${JSON.stringify(value, null, 2)}\n`

const mocha = { mocha: '^12.0.3' }

const packageJson = (name: string, version: string, language: Language): string =>
  json({
    name,
    version: '0.0.0',
    private: true,
    type: 'module',
    scripts: {
      test:
        language === 'ts'
          ? "tsc && mocha --node-option import=tsx --timeout 120000 '*.spec.ts'"
          : "mocha --timeout 120000 '*.spec.js'",
      fuzz: `nix-wire fuzz Order --module ./protocol.${language} --exec 'node decoder.js'`,
    },
    dependencies: { 'nix-wire': `^${version}` },
    devDependencies:
      language === 'ts'
        ? {
            '@types/mocha': '^10.0.10',
            '@types/node': '^20.19.43',
            ...mocha,
            tsx: '^4.23.15',
            typescript: '^6.0.3',
          }
        : mocha,
  })

const tsconfig = {
  compilerOptions: {
    target: 'es2022',
    module: 'nodenext',
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: ['mocha', 'node'],
  },
  include: ['*.ts'],
}

const protocol = (
  language: Language,
): string => `import { named, refine, since, struct, tagged, ${language === 'ts' ? 'type Protocol, type TypeOf, ' : ''}u8, utf8, versioned } from 'nix-wire'
import { again, branch, conversation, loop, nothing, says, sequence, turns } from 'nix-wire/conversation'

/** An order: a leaf, and how many cups. Since version 1.1 also how much milk. */
export const Order = struct('Order', {
  leaf: refine(utf8, 'a text that is not empty', (text) => text.length > 0),
  cups: u8,
  milk: versioned(since('1.1'), u8, 0),
})
${language === 'ts' ? 'export type Order = TypeOf<typeof Order>\n' : ''}
/** What the kitchen sends while it works: a remark, that it is done, or why it gives up. */
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

/** Which side sends what, and when: turn by turn the client orders, and the server answers. */
export const kitchen = conversation(
  'kitchen',
  turns('orders', says('client', 'what', u8), {
    Tea: [1, sequence(says('client', 'order', Order), notes, says('server', 'cup', utf8))],
  }),
)

/** The default version and features of the commands. */
export const protocol${language === 'ts' ? ': Partial<Protocol>' : ''} = { version: '1.1', features: [] }
`

const spec = `import { strict as assert } from 'node:assert'
import { bytesOf, compile } from 'nix-wire'
import { describeConversationLaws, describeLaws } from 'nix-wire/laws'
import { kitchen, Note, Order, protocol } from './protocol.js'

describe('Order', () => {
  it('has these bytes', () => {
    const { decode, encode } = compile(Order, protocol)
    const order = { leaf: 'mint', cups: 2, milk: 1 }
    const bytes = bytesOf('0400000000000000 6d696e74 00000000 0200000000000000 0100000000000000')
    assert.deepEqual(encode(order), { _tag: 'Right', right: bytes })
    assert.deepEqual(decode(bytes), { _tag: 'Right', right: order })
  })
})

// The laws of every grammar and every conversation, tested with generated values, bytes and sessions.
describeLaws(Order, { versions: ['1.0', '1.1'] })
describeLaws(Note)
describeConversationLaws(kitchen, { protocol })
`

const decoder = `/**
 * A decoder of Order (version 1.1) without nix-wire; it could be a program in any language. It reads a message from
 * standard input, and exits with 0 to accept it or with 1 to reject it. \`npm run fuzz\` looks for its mistakes.
 */
import { readFileSync } from 'node:fs'

const bytes = readFileSync(0)
let at = 0

const reject = (why) => {
  console.error(\`byte \${at}: \${why}\`)
  process.exit(1)
}

const integer = (most) => {
  if (at + 8 > bytes.length) {
    reject('the message ends within an integer')
  }
  const value = bytes.readBigUInt64LE(at)
  if (value > most) {
    reject(\`an integer above \${most}\`)
  }
  at += 8
  return Number(value)
}

const text = () => {
  const length = integer(2n ** 53n - 1n)
  const end = at + length
  const padded = Math.ceil(length / 8) * 8
  if (at + padded > bytes.length) {
    reject('the message ends within a text')
  }
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(at, end))
  } catch {
    reject('a text that is not UTF-8')
  }
  if (bytes.subarray(end, at + padded).some((byte) => byte !== 0)) {
    reject('padding that is not zero')
  }
  at += padded
  return length
}

if (text() === 0) {
  reject('an empty leaf')
}
integer(255n)
integer(255n)
if (at !== bytes.length) {
  reject('bytes after the message')
}
`

const readme = (name: string, language: Language): string => `# ${name}

A protocol written with [nix-wire](https://github.com/nix-wire/nix-wire). \`protocol.${language}\` has its grammars, which describe the bytes of
each message, and its conversation, which says which side sends what and when. Everything else follows from these.

\`\`\`sh
npm install
npm test        # the bytes of a message, and the laws of grammars and conversations
npm run fuzz    # looks for mistakes in decoder.js; replace it by your program
\`\`\`

The commands can use it too:

\`\`\`sh
npx nix-wire grammar --module ./protocol.${language}
npx nix-wire sample Order -n 3 --module ./protocol.${language} > orders.bin
npx nix-wire decode Order --many --module ./protocol.${language} orders.bin
npx nix-wire sample --session Tea --module ./protocol.${language} --out sessions
npx nix-wire session --module ./protocol.${language} sessions/000000.client.bin sessions/000000.server.bin
\`\`\`

\`npm run fuzz\` starts the program again for each message. An adapter is started once, and tries many more messages a
second: \`nix-wire fuzz --help\`, option \`--adapter\`.

## Your own protocol

Replace the grammars and the conversation in \`protocol.${language}\`. Their names are also in

- \`protocol.spec.${language}\`: the import, the bytes of an order, and the laws;
- \`package.json\`: \`Order\` in the script \`fuzz\`;
- \`decoder.js\`, which decodes an order by hand: write yours, or remove it and the script.
${language === 'ts' ? compiled : ''}`

const compiled = `
\`tsc\` checks the types here and writes nothing. \`nix-wire inspect\` needs JavaScript: \`npx tsc --noEmit false --outDir dist\`
writes \`dist/protocol.js\`.
`
