import { readdirSync, readFileSync } from 'node:fs'
import { expect } from 'chai'
import ts from 'typescript'

/**
 * A call takes some hundred thousand arguments, then it is a RangeError: what is spread into one must have a length that
 * no input decides. Here is what may be spread, by its file and the start of the call, and why its length is known.
 */
const allowed: ReadonlyArray<readonly [file: string, call: string, why: string]> = [
  ['cli/commands/nar.ts', 'new Command(', 'the options of a command'],
  ['cli/commands/texts.ts', 'new Command(', 'the options of a command'],
  ['cli/inspect/serve.ts', 'answer(', 'a page and its type'],
  ['cli/pages.ts', 'pageOfParts(', 'our own pages'],
  ['cli/pages/combinators/page.ts', 'pageOfParts(', 'our own pages'],
  ['cli/pages/conversation-words/page.ts', 'pageOfParts(', 'our own pages'],
  ['cli/pages/conversation.ts', 'pageOfParts(', 'our own pages'],
  ['cli/pages/example-scope.ts', 'new Function(', 'the names of our combinators'],
  ['cli/pages/serve.ts', 'pageOfParts(', 'our own pages'],
  ['conversation/machine/flow-ends.ts', 'opens(...given)', 'the arguments of a call'],
  ['daemon/promised.ts', 'method(...given)', 'the arguments of a call'],
  ['daemon/pool/', 'check(...given)', 'the arguments of a call'],
  ['daemon/pool/', 'methodIn(', 'the arguments of a call'],
  ['laws/conversation/laws.ts', 'connectFlow(...given)', 'the arguments of a call'],
  ['laws/conversation/laws.ts', 'serveFlow(...given)', 'the arguments of a call'],
  ['laws/conversation/client-law.ts', '(method as Method)(...given)', 'the arguments of a call'],
  ['session/store-dir.ts', 'String.fromCharCode(', '1024 bytes'],
  ['grammar/type-expression.ts', 'tuple(...parts)', 'one argument of a command line'],
  ['inspect/engine/worker.ts', 'ask(...args)', 'the arguments of a call'],
  ['interpreters/arbitrary/', 'fc', 'parts of a grammar'],
  ['bytes/strings.ts', 'String.fromCharCode(', '8192 bytes'],
  ['interpreters/arcsecond/structures.ts', 'within(next, ...steps)', 'one step'],
  ['interpreters/compile/code.ts', 'this.#lines.push(', 'lines of a grammar'],
  ['interpreters/compile/code.ts', 'new Function(', 'names of a grammar'],
  ['interpreters/compile/code.ts', 'make(...', 'names of a grammar'],
  ['interpreters/compile/kinds/list.ts', 'code.add(', 'four lines'],
  ['interpreters/compile/kinds/struct-code.ts', 'code.add(', 'a few lines'],
  ['interpreters/compile/leaves/text-code.ts', 'code.add(', 'six lines'],
  ['interpreters/compile/recogniser/code.ts', 'Math.', 'texts of a pattern'],
  ['interpreters/json/schema.ts', 'anyOf(', 'one schema'],
  ['interpreters/malformed/variants.ts', 'Uint8Array.of(', '64 bytes'],
  ['interpreters/markdown/texts.ts', 'String.fromCharCode(', 'two characters'],
  ['cli/pages/operations.ts', 'row(', 'columns of a table'],
  ['laws/laws.ts', 'fc.constantFrom(...allSettings', 'four settings'],
  ['store/lines.ts', 'make.joined(...all)', 'the kinds of lines that are known'],
  ['stream/nar/primitives.ts', 'Math.max(...shared)', 'words of the format'],
]

const folders = [
  'bytes',
  'cli',
  'combinators',
  'conversation',
  'daemon',
  'conformance',
  'fuzz',
  'grammar',
  'inspect',
  'interpreters',
  'nix-json',
  'validation',
  'laws',
  'session',
  'serve',
  'store',
  'stream',
  'types',
  'vectors',
]

const files = [
  'index.ts',
  ...folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
  ),
].filter((file) => /\.tsx?$/.test(file))

/** The calls with a spread argument in a source text. */
const spreadCalls = (file: string, text: string): ReadonlyArray<string> => {
  const found: Array<string> = []
  const visit = (node: ts.Node): void => {
    if ((ts.isCallExpression(node) || ts.isNewExpression(node)) && node.arguments?.some(ts.isSpreadElement)) {
      found.push(node.getText().replace(/\s+/g, ' '))
    }
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true))
  return found
}

describe('a spread in a call', () => {
  it('has a length that does not depend on input', () => {
    const used = new Set<string>()
    for (const file of files) {
      for (const call of spreadCalls(file, readFileSync(file, 'utf8'))) {
        const entry = allowed.find(([where, start]) => file.startsWith(where) && call.startsWith(start))
        expect(entry, `${file}: ${call.slice(0, 100)}`).not.to.equal(undefined)
        used.add(String(entry))
      }
    }
    expect(allowed.filter((entry) => !used.has(String(entry)))).to.deep.equal([])
  })

  it('is found anywhere in a call', () => {
    const found = (text: string) => spreadCalls('x.ts', text)
    expect(found('list.push(...items)')).to.deep.equal(['list.push(...items)'])
    expect(found('f(() => Math.max(0, ...g(1)))')).to.deep.equal(['Math.max(0, ...g(1))'])
    expect(found('new Set(...items)')).to.have.lengthOf(1)
    expect(found('f([...items], { ...item })')).to.deep.equal([])
  })
})
