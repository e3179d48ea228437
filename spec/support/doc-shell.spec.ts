import { expect } from 'chai'
import { blocksOf, fileOf, isPrinted, stepsOf } from './doc-shell.js'

const page = `text
\`\`\`console
$ one \\
    --two
a
b
$ three
\`\`\`

\`\`\`sh daemon
four

five &
\`\`\`

\`\`\`rust
// main.rs
fn main() {}
\`\`\`
`

describe('the blocks of a page', () => {
  const [console, shell, rust] = blocksOf(page)

  it('have their line, their language and the text after it', () => {
    expect(blocksOf(page).map(({ line, language, mark }) => [line, language, mark])).to.deep.equal([
      [2, 'console', ''],
      [10, 'sh', 'daemon'],
      [16, 'rust', ''],
    ])
    expect(fileOf(rust!)).to.equal('main.rs')
    expect(() => blocksOf('```sh\nls')).to.throw('line 1: the block does not end')
  })

  it('are commands, with what they print', () => {
    expect(stepsOf(console!)).to.deep.equal([
      { command: 'one     --two', prints: ['a', 'b'] },
      { command: 'three', prints: [] },
    ])
    expect(stepsOf(shell!)).to.deep.equal([
      { command: 'four', prints: null },
      { command: 'five &', prints: null },
    ])
    const silent = blocksOf('```console\nhello\n```')[0]!
    expect(() => stepsOf(silent)).to.throw('output before the first command: hello')
  })

  it('are compared with their printed text, except where that has …', () => {
    expect(isPrinted(['a', 'b'], ['a', 'b'])).to.equal(true)
    expect(isPrinted(['a', 'b'], ['a'])).to.equal(false)
    expect(isPrinted(['a'], ['a', 'b'])).to.equal(false)
    expect(isPrinted(['a.b'], ['aXb'])).to.equal(false)
    expect(isPrinted(['aXb'], ['a.b'])).to.equal(false)
    expect(isPrinted(['in 3 s, all'], ['in … s, all'])).to.equal(true)
    expect(isPrinted(['a', 'b', 'c', 'd'], ['a', '…', 'd'])).to.equal(true)
    expect(isPrinted(['a', 'b', 'c', 'd'], ['a', '…', 'c'])).to.equal(false)
    expect(isPrinted(['a', 'b'], ['a', '…'])).to.equal(true)
    expect(isPrinted([], ['…'])).to.equal(true)
  })
})
