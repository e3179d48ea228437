import { pathToFileURL } from 'node:url'
import { expect } from 'chai'
import { type ExampleModule, modulesOf, typeErrors, writeModules } from './doc-examples.js'
import { type Outcome, run } from './doc-runtime.js'

const fenced = (...blocks: ReadonlyArray<string>): string =>
  blocks.map((block) => `Text.\n\n\`\`\`ts\n${block}\n\`\`\`\n`).join('\n')

const docstring = (block: string): string =>
  `const a = 1\n\n/**\n * Text.\n *\n * \`\`\`ts\n${block.replace(/^/gm, ' * ')}\n * \`\`\`\n */\nconst b = 2\n`

const written = (source: string, text: string): ReadonlyArray<ExampleModule> => {
  const modules = modulesOf(source, text)
  writeModules(modules)
  return modules
}

let count = 0
const outcomeOf = async (text: string): Promise<Outcome> => {
  count += 1
  const [example] = written(`fixture-${count}.md`, text)
  if (example === undefined) throw new Error('no example')
  return run(pathToFileURL(example.path).href)
}

const holds = async (block: string): Promise<void> => {
  const { failure } = await outcomeOf(fenced(block))
  if (failure !== undefined) throw failure.error
}

const fails = async (block: string): Promise<void> => {
  const { line, failure } = await outcomeOf(fenced(block))
  expect(failure?.error).to.have.property('name', 'AssertionError')
  expect(line).to.equal(3)
}

describe('the runner of documentation examples', () => {
  describe('compares an expression with the value after it', () => {
    for (const [block, wrong] of [
      ['1n + 1n // => 2n', '1n + 1n // => 3n'],
      ['1 + 1; // => 2', '1 + 1; // => 3'],
      ['[1].map(\n  (n) => n + 1,\n)\n// => [2]', '[1].map(\n  (n) => n + 1,\n)\n// => [3]'],
      ['({ a: [1] }) // => {\n//   a: [1],\n// }', '({ a: [1] }) // => {\n//   a: [2],\n// }'],
      ['1 // => 1\n// prose\n2 // => 2', '1 // => 1\n// prose\n2 // => 3'],
      ['const x = new Map([[1, 2]]) // => new Map([[1, 2]])', 'const x = new Map([[1, 2]]) // => new Map()'],
      ['await Promise.resolve(1) // => 1', 'await Promise.resolve(1) // => 2'],
      ['for (const x of [1]) {\n  x // => 1\n}', 'for (const x of [1]) {\n  x // => 2\n}'],
      ['new Uint8Array([1]) // => new Uint8Array([1])', 'new Uint8Array([1]) // => new Uint8Array([2])'],
    ] as const) {
      it(JSON.stringify(block), async () => {
        await holds(block)
        await fails(wrong)
      })
    }
  })

  it('compares the printed text', async () => {
    await holds("console.log('a', 1) // prints: a 1")
    await holds(
      "console.log('a')\nconsole.log('b')\n// prints:\n// a\n// b\n\n// prose\nconsole.log('c') // prints: c",
    )
    await holds('for (const x of [1, 2]) {\n  console.log(x)\n}\n// prints: 1\n// 2')
    await fails("console.log('a') // prints: b")
    await fails("console.log('a')\nconsole.log('b') // prints: b")
  })

  it('runs the blocks of a Markdown file as one module, and says which one failed', async () => {
    const imports = "import { none, type Option } from 'fp-ts/lib/Option.js'\nimport { option } from 'fp-ts'"
    const text = fenced(
      `${imports}\nconst a: Option<1> = none`,
      `${imports}\na // => option.none`,
      'a // => 1',
      'a // => 2',
    )
    const { line, failure } = await outcomeOf(text)
    expect(failure?.error).to.have.property('name', 'AssertionError')
    expect(text.split('\n').slice(line - 1, line + 1)).to.deep.equal(['```ts', 'a // => 1'])
  })

  it('reports an import that fails for every block', async () => {
    const { line, failure } = await outcomeOf(fenced("import 'no-such-package'"))
    expect(failure?.error).to.have.property('code', 'ERR_MODULE_NOT_FOUND')
    expect(line).to.equal(0)
  })

  it('only type-checks a block tagged no-run', async () => {
    const text = fenced("import { none } from 'fp-ts/lib/Option.js'\nthrow new Error(none._tag)").replace(
      '```ts',
      '```ts no-run',
    )
    expect((await outcomeOf(text)).failure).to.equal(undefined)
    expect(typeErrors(written('no-run.md', text.replace('_tag', 'tag')))).to.have.lengthOf(1)
  })

  it('takes the blocks of a docstring, one module each', () => {
    const text = docstring('const x = 1 // => 1') + docstring('const x = 2 // => 2')
    expect(modulesOf('a.ts', text).map(({ fences }) => fences.map(({ line }) => line))).to.deep.equal([
      [6],
      [16],
    ])
    expect(modulesOf('a.ts', text.replaceAll('/**', '/*'))).to.deep.equal([])
  })

  it('reports a type error where it stands in the source', () => {
    const modules = written(
      'types.ts',
      docstring("import { none } from 'fp-ts/lib/Option.js'\nnone._tag // => 'None'\nconst a: 1 = 2"),
    )
    expect(typeErrors(modules)).to.deep.equal(["types.ts:9: Type '2' is not assignable to type '1'."])
  })

  it('rejects a block that it would have to ignore', () => {
    const where = 'a.md:3: '
    expect(() => modulesOf('a.md', fenced('// => 1'))).to.throw(
      `${where}no statement to compare before "// => 1"`,
    )
    expect(() => modulesOf('a.md', fenced('type A = 1 // => 1'))).to.throw('no statement to compare')
    expect(() => modulesOf('a.md', fenced('1 // => 1 +'))).to.throw(`${where}not an expression: 1 +`)
    expect(() => modulesOf('a.md', fenced("import 'nix-wire/nowhere'"))).to.throw(
      'does not export nix-wire/nowhere',
    )
    expect(() => modulesOf('a.md', '\n```ts\n1')).to.throw('a.md:2: the block does not end')
  })
})
