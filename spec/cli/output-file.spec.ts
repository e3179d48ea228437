import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { Failure } from '../../cli/failure.js'
import { writeOutput } from '../../cli/output-file.js'
import { OutputFolder } from '../../cli/output-folder.js'
import { nixWire } from '../support/cli.js'

describe('outputs', () => {
  let dir = ''
  let umask = 0
  beforeEach(() => {
    umask = process.umask(0o022)
    dir = fs.mkdtempSync(join(tmpdir(), 'nix-wire-outputs-'))
  })
  afterEach(() => {
    process.umask(umask)
    fs.rmSync(dir, { recursive: true })
  })

  async function* good(during: () => void = () => undefined) {
    yield Buffer.from('new ')
    during()
    yield Buffer.from('bytes')
  }
  async function* bad() {
    yield Buffer.from('new ')
    throw new Error('the source broke')
  }
  const failure = (running: Promise<void>): Promise<Error | undefined> =>
    running.then(
      () => undefined,
      (error: Error) => error,
    )
  const text = (name: string): string => fs.readFileSync(join(dir, name), 'utf8')
  const modeOf = (name: string): number => fs.statSync(join(dir, name)).mode & 0o777
  const listed = (): ReadonlyArray<string> => fs.readdirSync(dir).sort()

  describe('to a file', () => {
    it('appear when they are whole; until then the old file stays', async () => {
      await writeOutput(join(dir, 'new'), good())
      fs.writeFileSync(join(dir, 'old'), 'old')
      const seen: Array<string> = []
      await writeOutput(
        join(dir, 'old'),
        good(() => seen.push(text('old'))),
      )
      expect([text('new'), text('old'), seen, listed()]).to.deep.equal([
        'new bytes',
        'new bytes',
        ['old'],
        ['new', 'old'],
      ])
    })

    it('leave the old file, and nothing beside it, if they fail', async () => {
      fs.writeFileSync(join(dir, 'old'), 'old')
      for (const name of ['old', 'new']) {
        expect(await failure(writeOutput(join(dir, name), bad()))).to.include({ message: 'the source broke' })
      }
      expect([text('old'), listed()]).to.deep.equal(['old', ['old']])
      const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'exit'].map((name) => process.listenerCount(name))
      await failure(writeOutput(join(dir, 'new'), bad()))
      expect(
        ['SIGINT', 'SIGTERM', 'SIGHUP', 'exit'].map((name) => process.listenerCount(name)),
      ).to.deep.equal(signals)
    })

    it('have the mode of the file they replace, and new ones the mode of the umask', async () => {
      for (const mode of [0o600, 0o640, 0o755]) {
        fs.writeFileSync(join(dir, 'old'), 'old')
        fs.chmodSync(join(dir, 'old'), mode)
        await writeOutput(join(dir, 'old'), good())
        expect(modeOf('old')).to.equal(mode)
      }
      await writeOutput(join(dir, 'new'), good())
      expect(modeOf('new')).to.equal(0o644)
    })

    it('follow links, and keep them', async () => {
      fs.mkdirSync(join(dir, 'there'))
      fs.writeFileSync(join(dir, 'there', 'old'), 'old')
      fs.symlinkSync('there/old', join(dir, 'link'))
      fs.symlinkSync('there/new', join(dir, 'dangling'))
      fs.symlinkSync('round', join(dir, 'round'))
      for (const name of ['link', 'dangling']) {
        await writeOutput(join(dir, name), good())
        expect(fs.lstatSync(join(dir, name)).isSymbolicLink()).to.equal(true)
      }
      expect([text('there/old'), text('there/new')]).to.deep.equal(['new bytes', 'new bytes'])
      expect(await failure(writeOutput(join(dir, 'round'), good()))).to.be.instanceOf(Failure)
      expect(fs.readdirSync(join(dir, 'there')).sort()).to.deep.equal(['new', 'old'])
    })

    it('go directly into devices and open files', async function () {
      if (process.platform !== 'linux') {
        this.skip() // Only Linux has these names for what is open.
      }
      await writeOutput('/dev/null', good())
      expect(fs.statSync('/dev/null').isCharacterDevice()).to.equal(true)
      const fd = fs.openSync(join(dir, 'open'), 'w')
      const { ino } = fs.fstatSync(fd)
      await writeOutput(`/proc/self/fd/${fd}`, good())
      fs.closeSync(fd)
      expect([text('open'), fs.statSync(join(dir, 'open')).ino]).to.deep.equal(['new bytes', ino])
      expect(await failure(writeOutput('/dev/full', good()))).to.include({ exitCode: 1 })
    })

    it('do not block a signal while their pipe is not read', async () => {
      execFileSync('mkfifo', [join(dir, 'pipe')])
      const fd = fs.openSync(join(dir, 'pipe'), fs.constants.O_RDONLY | fs.constants.O_NONBLOCK)
      const watched: Array<number> = []
      const watching = (): AsyncGenerator<Uint8Array, void> =>
        (async function* () {
          watched.push(process.listenerCount('SIGINT'))
          yield* good()
        })()
      const before = process.listenerCount('SIGINT')
      await writeOutput(join(dir, 'pipe'), watching())
      fs.closeSync(fd)
      await writeOutput(join(dir, 'file'), watching())
      expect(watched).to.deep.equal([before, before + 1])
    })

    it('report what is at their path', async () => {
      for (const name of ['no/such', '.']) {
        const error = await failure(writeOutput(join(dir, name), good()))
        expect(error).to.be.instanceOf(Failure).and.include({ exitCode: 2 })
      }
      expect(listed()).to.deep.equal([])
    })
  })

  describe('to a folder', () => {
    const fill = (name: string, end: () => void = () => undefined): Promise<void> =>
      OutputFolder.fill(join(dir, name), async (folder) => {
        await folder.write('a', 'new')
        await folder.write('below/b', 'new')
        await folder.write('script', 'new', 0o755)
        end()
      })
    const fail = (): never => {
      throw new Error('the source broke')
    }

    it('appear when all of them are whole; until then the old ones stay', async () => {
      await fill('new/folder')
      await fill('new/folder', () => {
        expect(fs.readdirSync(join(dir, 'new/folder')).filter((name) => !name.startsWith('.'))).to.deep.equal(
          ['a', 'below', 'script'],
        )
        expect(text('new/folder/a')).to.equal('new')
      })
      fs.writeFileSync(join(dir, 'new/folder/a'), 'old')
      fs.chmodSync(join(dir, 'new/folder/a'), 0o600)
      fs.writeFileSync(join(dir, 'new/folder/mine'), 'mine')
      await fill('new/folder', () => expect(text('new/folder/a')).to.equal('old'))
      expect(fs.readdirSync(join(dir, 'new/folder')).sort()).to.deep.equal(['a', 'below', 'mine', 'script'])
      expect([text('new/folder/a'), text('new/folder/below/b'), text('new/folder/mine')]).to.deep.equal([
        'new',
        'new',
        'mine',
      ])
      expect([modeOf('new/folder/a'), modeOf('new/folder/script')]).to.deep.equal([0o600, 0o755])
    })

    it('leave the old ones, and remove a folder that was made for them, if they fail', async () => {
      expect(await failure(fill('new/folder', fail))).to.include({ message: 'the source broke' })
      expect(listed()).to.deep.equal([])
      fs.mkdirSync(join(dir, 'old'))
      fs.writeFileSync(join(dir, 'old', 'a'), 'old')
      expect(await failure(fill('old', fail))).to.include({ message: 'the source broke' })
      fs.mkdirSync(join(dir, 'old', 'script'))
      const error = await failure(fill('old'))
      expect(error).to.be.instanceOf(Failure).and.include({ exitCode: 2 })
      expect((error as Failure).message).to.not.contain('/proc/')
      expect([text('old/a'), fs.readdirSync(join(dir, 'old')).sort()]).to.deep.equal(['old', ['a', 'script']])
    })

    it('are written so by the commands that make files', async () => {
      for (const [name, ...words] of [
        ['sample', 'Bool64', '-n', '3', '--out'],
        ['corpus', 'Bool64', '-n', '3'],
      ]) {
        const out = join(dir, name ?? '')
        const ran = await nixWire([name ?? '', ...words, out])
        expect([ran.exitCode, ran.stderr]).to.deep.equal([0, ''])
        expect(fs.readdirSync(out).filter((each) => each.startsWith('.'))).to.deep.equal([])
        // A folder in the place of the file that is written last.
        const last = join(out, name === 'sample' ? 'index.json' : 'nix-wire.dict')
        fs.rmSync(last)
        fs.mkdirSync(last)
        const before = fs.readdirSync(out, { recursive: true })
        const again = await nixWire([name ?? '', ...words, out, '--seed', '9'])
        expect([again.exitCode, again.stderr.includes('a folder is there')]).to.deep.equal([2, true])
        expect(fs.readdirSync(out, { recursive: true })).to.deep.equal(before)
      }
    })
  })
})
