import { existsSync, readFileSync } from 'node:fs'
import { expect } from 'chai'
import { filled } from '../../cli/help-text.js'
import { nixWire } from '../support/cli.js'
import { projectPath } from '../support/shared.js'

const commandsIn = (help: string): ReadonlyArray<string> =>
  (help.split('Commands:\n')[1]?.split('\n\n')[0] ?? '')
    .split('\n')
    .flatMap((line) => /^ {2}([a-z-]+)/.exec(line)?.[1] ?? [])
    .filter((name) => name !== 'help')

const helpOf = async (words: ReadonlyArray<string>): Promise<string> => {
  const { exitCode, stdout } = await nixWire([...words, '--help'])
  expect(exitCode, words.join(' ')).to.equal(0)
  return stdout.toString()
}

const isProse = (line: string): boolean => line !== '' && !line.startsWith(' ') && !line.startsWith('Usage:')

describe('help', () => {
  it('of every command has lines of up to 80 columns that are filled as far as they can be', async () => {
    const wrong: Array<string> = []
    const look = async (words: ReadonlyArray<string>): Promise<void> => {
      const help = await helpOf(words)
      const lines = help.split('\n')
      for (const [i, line] of lines.entries()) {
        const next = lines[i + 1] ?? ''
        const [word = ''] = next.split(' ')
        if (isProse(line) && line.length > 80) {
          wrong.push(`too long: ${line}`)
        }
        // Another word would fit into the line, unless the next paragraph is separate.
        if (
          isProse(line) &&
          isProse(next) &&
          line.length + 1 + word.length <= 80 &&
          !next.startsWith('Exit code 3')
        ) {
          wrong.push(`too short: ${line}`)
        }
      }
      for (const name of commandsIn(help)) {
        await look([...words, name])
      }
    }
    await look([])
    expect(wrong).to.deep.equal([])
  })

  it('says what a module changes, and that it can be TypeScript', async () => {
    const help = (await helpOf(['decode'])).replace(/\s+/g, ' ')
    expect(help).to.contain('JavaScript or TypeScript that exports grammars')
    expect(help.match(/what (it|a module) exports\)/g)).to.have.lengthOf(3)
  })

  it('has an address for each page that it names, since the package has no docs/', async () => {
    const bare: Array<string> = []
    const look = async (words: ReadonlyArray<string>): Promise<void> => {
      const help = await helpOf(words)
      bare.push(
        ...[...help.matchAll(/\S*\bdocs\/\S*/g)]
          .map(([found]) => found)
          .filter((found) => !found.startsWith('https://')),
      )
      for (const name of commandsIn(help)) {
        await look([...words, name])
      }
    }
    await look([])
    expect(bare).to.deep.equal([])
    for (const words of [['fuzz'], ['conformance', 'run'], ['sample']]) {
      const [, page = ''] = /https:\S*\/blob\/main\/(docs\/\S*)/.exec(await helpOf(words)) ?? []
      expect(existsSync(projectPath(page)), page).to.equal(true)
      expect(page).not.to.equal('')
    }
  })

  it('keeps indented lines as they are', () => {
    expect(filled('a b c\nd\n\n  $ a b c d e\nlonger-than-that x', 5)).to.equal(
      'a b c\nd\n\n  $ a b c d e\nlonger-than-that\nx',
    )
  })

  it('has an example for every command', async () => {
    const look = async (words: ReadonlyArray<string>): Promise<void> => {
      const help = await helpOf(words)
      expect(help, words.join(' ')).to.contain('$ ')
      for (const name of commandsIn(help)) {
        await look([...words, name])
      }
    }
    await look([])
  })
})

describe('nix-wire --version', () => {
  it('is the version of the package', async () => {
    const { version } = JSON.parse(readFileSync(projectPath('package.json'), 'utf8')) as { version: string }
    for (const flag of ['--version', '-V']) {
      const { exitCode, stdout } = await nixWire([flag])
      expect([exitCode, stdout.toString()]).to.deep.equal([0, `${version}\n`])
    }
  })
})
