import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { bytesOf } from '../../bytes/hex.js'
import { nixWire } from '../support/cli.js'
import { moduleFolder } from '../support/module-folder.js'

const imports = `
  import { imap, lazy, listOf, refine, struct, text, u8, utf8 } from 'nix-wire'
  import { agree, conversation, says, sequence } from 'nix-wire/conversation'
  import { supply } from 'nix-wire/laws'
  import fc from 'fast-check'
  const right = (right) => ({ _tag: 'Right', right })
  const left = (left) => ({ _tag: 'Left', left })
  const Names = listOf(utf8)
  const format = { name: 'Owner', summary: 'a name', value: 'text', print: right }
  const agreeing = (compute) => conversation('chat', sequence(
    says('client', 'asks', Names),
    agree('features', { asks: Names }, 'client', compute),
    says('server', 'cups', u8),
  ))
`

/** Mistakes in a grammar: the code, and what is said of it. */
const inTypes: { readonly [mistake: string]: readonly [code: string, said: string] } = {
  'a from that returns no Either': [
    'export const T = imap(utf8, (text) => text.trim(), right)',
    'from of imap must return right(value)',
  ],
  'a Left that says nothing': [
    'export const T = imap(utf8, () => left(5), () => left(5))',
    'from of imap must',
  ],
  'a to that returns no Either': ['export const T = imap(utf8, right, () => undefined)', 'to of imap must'],
  'a from that throws': [
    "export const T = imap(utf8, () => { throw new Error('out of tea') }, right)",
    'threw an error: out of tea',
  ],
  'a predicate that throws': [
    'export const T = refine(utf8, "a cup", (text) => text.cup.size)',
    "threw an error: Cannot read properties of undefined (reading 'size')",
  ],
  'a grammar without a finite value': [
    "export const T = struct('T', { a: u8, next: lazy(() => T) })",
    'T has no finite value',
  ],
  'a lazy that returns nothing': [
    "export const T = struct('T', { a: u8, next: lazy(() => undefined) })",
    'the function in lazy: what it returns must be a grammar, not undefined',
  ],
  'a lazy that throws': [
    "export const T = struct('T', { a: u8, next: lazy(() => { throw new Error('out of tea') }) })",
    'out of tea',
  ],
  'a parse that returns a string': [
    'export const T = text({ ...format, parse: (text) => text })',
    'parse of the text format Owner must return right(value)',
  ],
  'a parse that returns nothing': [
    'export const T = text({ ...format, parse: () => undefined })',
    'parse of the text format Owner must return right(value)',
  ],
  'a text format without texts': [
    'export const T = text({ ...format, parse: right })',
    'neither pattern nor texts',
  ],
  'a supply of no arbitrary': [
    'export const T = struct("T", { a: u8 }); export const given = [supply(T, () => 5)]',
    'the function in supply: what it returns must be an arbitrary of fast-check',
  ],
  'a supply of values of another type': [
    "export const T = struct('T', { a: u8 }); export const given = [supply(T, fc.constant({ a: 'x' }))]",
    'supply has a value that is none of T: expected an integer from 0 to 255',
  ],
}

/** Mistakes in a conversation. */
const inConversations: { readonly [mistake: string]: readonly [code: string, said: string] } = {
  'an agreement that returns no Either': [
    'export const chat = agreeing(() => 5)',
    'compute of the agreement on features must return right({ version })',
  ],
  'an agreement that returns nothing': [
    'export const chat = agreeing(() => undefined)',
    'compute of the agreement on features must return right({ version })',
  ],
  'an agreement on what is no version': [
    "export const chat = agreeing(() => right({ version: 'new' }))",
    'compute of the agreement on features: not a protocol version: "new"',
  ],
  'an agreement on what is no part of a protocol': [
    "export const chat = agreeing(() => right({ versoin: '1.2' }))",
    'compute of the agreement on features: the parts of a protocol have no part "versoin"',
  ],
  'an agreement that throws': [
    "export const chat = agreeing(() => { throw new Error('out of tea') })",
    'threw an error: out of tea',
  ],
}

describe('a mistake in a --module', () => {
  let dir: string
  before(() => {
    dir = moduleFolder()
    writeFileSync(join(dir, 'message.bin'), bytesOf('0100000000000000 6100000000000000'))
    writeFileSync(join(dir, 'value.json'), '"a"')
    writeFileSync(join(dir, 'object.json'), '{ "a": 1, "next": { "a": 2 } }')
  })
  after(() => rmSync(dir, { recursive: true }))

  let written = 0
  const moduleOf = (code: string): string => {
    const file = join(dir, `m${written++}.js`)
    writeFileSync(file, `${imports}\n${code}\n`)
    return file
  }
  /** What is said by all of these commands. None may call the mistake a bug of its own. */
  const saidBy = async (code: string, commands: ReadonlyArray<ReadonlyArray<string>>): Promise<string> => {
    const module = moduleOf(code)
    const all: Array<string> = []
    for (const command of commands) {
      const { exitCode, stderr } = await nixWire([...command, '--module', module])
      expect(exitCode, `${command.join(' ')}: ${stderr}`).to.be.oneOf([0, 1, 2])
      if (exitCode === 2) {
        expect(stderr.trimEnd().split('\n'), command.join(' ')).to.have.lengthOf(1)
        all.push(stderr)
      }
    }
    return all.join('')
  }

  /** Each command that reads the types of a module. */
  const ofTypes = (): ReadonlyArray<ReadonlyArray<string>> => {
    const message = join(dir, 'message.bin')
    return [
      ['decode', 'T', message],
      ['decode', 'T', message, '--all-issues'],
      ['encode', 'T', join(dir, 'value.json')],
      ['encode', 'T', join(dir, 'object.json')],
      ['dissect', 'T', message],
      ['grammar', 'T'],
      ['grammar', 'T', '--ksy'],
      ['sample', 'T', '-n', '3'],
      ['mutate', 'T', message],
      ['corpus', 'T', join(dir, `corpus${written}`)],
      ['fuzz', 'T', '--runs', '2', '--exec', 'true', '--out', join(dir, `findings${written}`)],
      ['conformance', 'vectors', join(dir, `vectors${written}`), 'T'],
    ]
  }
  const ofConversations = (): ReadonlyArray<ReadonlyArray<string>> => [
    ['grammar', 'chat'],
    ['sample', '--session', '--out', join(dir, `session${written}`)],
    ['session', join(dir, 'message.bin'), join(dir, 'message.bin')],
  ]

  it('is not found where there is none', async () => {
    expect(await saidBy('export const T = utf8', ofTypes())).to.equal('')
    expect(await saidBy('export const chat = agreeing(() => right({}))', ofConversations())).to.equal('')
  })

  for (const [mistake, [code, said]] of Object.entries(inTypes)) {
    it(`is named by each command that finds it: ${mistake}`, async () => {
      expect(await saidBy(code, ofTypes())).to.contain(said)
    })
  }

  for (const [mistake, [code, said]] of Object.entries(inConversations)) {
    it(`is named by the commands for conversations: ${mistake}`, async () => {
      expect(await saidBy(code, ofConversations())).to.contain(said)
    })
  }
})
