import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect } from 'chai'
import { projectPath } from '../support/shared.js'
import { Consumer } from './consumer.js'
import { pack } from './pack.js'

describe('a protocol that a user writes with the package', () => {
  let consumer: Consumer
  const command = (...args: ReadonlyArray<string>): string =>
    consumer.run('node', 'node_modules/nix-wire/dist/cli/main.js', ...args)

  before(() => {
    consumer = new Consumer()
    consumer.install(pack(consumer.folder).file, 'mocha')
    consumer.copy('examples/kitchen')
    command('init', 'project')
  })
  after(() => consumer?.remove())

  /** In the project, which takes what is installed above it. */
  const npm = (...args: ReadonlyArray<string>): string =>
    execFileSync('npm', args, {
      cwd: join(consumer.folder, 'project'),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    })

  it('passes its tests as nix-wire init writes it', () => {
    expect(npm('test'))
      .to.match(/\d+ passing/)
      .and.not.to.contain('failing')
  })

  it('has a decoder in which fuzz finds no mistake', () => {
    expect(npm('run', 'fuzz', '--', '--runs', '60', '--seed', '1')).to.contain('60 runs')
  })

  it('works with the installed command, and with that of another copy', () => {
    const module = join(consumer.folder, 'examples/kitchen/kitchen.js')
    const other = (...args: ReadonlyArray<string>): string =>
      execFileSync(process.execPath, [projectPath('dist/cli/main.js'), ...args], { encoding: 'utf8' })
    for (const run of [command, other]) {
      expect(run('grammar', '--module', module)).to.contain('conversation kitchen: Tea, Photo')
      expect(run('grammar', 'Order', '--module', module)).to.contain('#### If feature milk is agreed on')
      const out = join(consumer.folder, run === command ? 'sessions' : 'others')
      run('sample', '--session', 'Tea', '-n', '1', '--seed', '3', '--module', module, '--out', out)
      const sides = ['client', 'server'].map((side) => join(out, `000000.${side}.bin`))
      expect(run('session', '--module', module, ...sides)).to.contain('Tea (orders 0)')
    }
  })
})
