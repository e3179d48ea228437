import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { type AnyGrammar, type Grammar, hexOf, type Protocol } from '../../../combinators/index.js'
import { protocolFor } from '../../../combinators/protocol-for.js'
import { resolved } from '../../../combinators/resolved.js'
import { compile, toJson, toKaitai } from '../../../interpreters/index.js'
import { rightOf } from '../../support/either.js'
import { describeWithShared, projectPath } from '../../support/shared.js'
import { skippedButInCi } from '../../support/skipped.js'
import { compiledTogether } from './compiled.js'
import { goldens } from './goldens.js'
import { Values } from './values.js'

// Debian's Python, for which its packages are.
const python = '/usr/bin/python3'

const isInstalled = (): boolean => {
  try {
    execFileSync(python, ['-c', 'import kaitaistruct, construct'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

type Shown =
  | { readonly int: string }
  | { readonly bool: boolean }
  | { readonly hex: string }
  | { readonly text: string }
  | { readonly list: ReadonlyArray<Shown> }
  | { readonly fields: ReadonlyArray<readonly [string, Shown]> }

/** What Python has read, as the decoders of JavaScript would have it; but no integer is rounded. */
const made = (shown: Shown): unknown =>
  'int' in shown
    ? BigInt(shown.int)
    : 'bool' in shown
      ? shown.bool
      : 'hex' in shown
        ? Uint8Array.from(Buffer.from(shown.hex, 'hex'))
        : 'text' in shown
          ? shown.text
          : 'list' in shown
            ? shown.list.map(made)
            : Object.fromEntries(shown.fields.map(([name, each]) => [name, made(each)]))

interface Answer {
  readonly kaitai: { readonly value: Shown; readonly refusesMore: boolean }
  readonly construct: string
}

interface Message {
  readonly file: string
  readonly grammar: AnyGrammar
  readonly protocol: Protocol
  readonly bytes: Uint8Array
}

const messages: ReadonlyArray<Message> = goldens.flatMap(({ name, bytes, given, grammars }) => {
  let at = 0
  return grammars.map((grammar) => {
    const protocol = protocolFor('the test', grammar.node, given)
    const start = at
    at = rightOf(compile(grammar as Grammar<unknown>, protocol).decodeAt(bytes, at)).next
    return { file: name, grammar: resolved(grammar, protocol), protocol, bytes: bytes.slice(start, at) }
  })
})

describeWithShared('the decoder that Kaitai Struct makes for Python', () => {
  let dir: string
  before(() => {
    dir = mkdtempSync(join(tmpdir(), 'nix-wire-kaitai-'))
  })
  after(() => rmSync(dir, { recursive: true }))

  const write = (folder: string, files: { readonly [file: string]: string }): void => {
    mkdirSync(join(dir, folder))
    for (const [file, text] of Object.entries(files)) {
      writeFileSync(join(dir, folder, file), text)
    }
  }

  it('reads the golden files, and Construct writes them again', async function () {
    if (!isInstalled()) {
      skippedButInCi(this, `needs python3-kaitaistruct and python3-construct of Debian`)
    }
    // One file for each grammar under a protocol; a module has the number of the first message that needs it.
    const modules = new Map<AnyGrammar, string>()
    for (const { grammar } of messages) {
      modules.set(grammar, modules.get(grammar) ?? `g${modules.size}`)
    }
    const files = new Map(
      [...modules].map(([grammar, module]) => [`${module}.ksy`, toKaitai(grammar, undefined, module)]),
    )
    write('kaitai', await compiledTogether('python', files, '0.10'))
    write('construct_', await compiledTogether('construct', files))
    const cases = messages.map(({ grammar, bytes }) => ({
      module: modules.get(grammar),
      hex: hexOf(bytes),
    }))
    const out = execFileSync(python, [projectPath('spec/interpreters/kaitai/decoded.py')], {
      input: JSON.stringify({ dir, cases }),
      maxBuffer: 2 ** 28,
    })
    const answers = JSON.parse(out.toString()) as ReadonlyArray<Answer>
    expect(answers).to.have.lengthOf(messages.length)
    answers.forEach(({ kaitai, construct }, i) => {
      const { file, grammar, protocol, bytes } = messages[i]!
      const any = grammar as Grammar<unknown>
      const value = new Values(protocol, () => null).of(grammar.node, made(kaitai.value))
      const expected = toJson(any, protocol, rightOf(compile(any, protocol).decode(bytes)))
      expect(toJson(any, protocol, value), file).to.deep.equal(expected)
      expect(kaitai.refusesMore, file).to.equal(true)
      expect(construct, file).to.equal(hexOf(bytes))
    })
  })
})
