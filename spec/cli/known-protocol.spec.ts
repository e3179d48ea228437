import { expect } from 'chai'
import { knownFeatures } from '../../grammar/known-features.js'
import { nixWire } from '../support/cli.js'

describe('a version or feature that no Nix has', () => {
  for (const [options, words] of [
    [['-p', '1.39'], 'there is no protocol 1.39'],
    [['-p', '1.9'], 'there is no protocol 1.9'],
    [['-p', '2.9'], 'there is no protocol 2.9'],
    [['-p', '3.1'], 'there is no protocol 3.1'],
    [['-f', 'tea'], 'there is no feature tea; `nix-wire grammar --features` lists all'],
  ] as const) {
    it(`is rejected: ${options.join(' ')}`, async () => {
      for (const command of ['decode', 'encode', 'dissect', 'sample']) {
        const { exitCode, stderr } = await nixWire([command, 'UInt64', ...options])
        expect(exitCode, command).to.equal(2)
        expect(stderr, command).to.contain(words)
      }
    })
  }

  it('is allowed for the types of a module', async () => {
    const { stderr } = await nixWire([
      'sample',
      'Order',
      '-M',
      'examples/kitchen/kitchen.js',
      '-p',
      '9.9',
      '--hex',
    ])
    expect(stderr).not.to.contain('there is no protocol')
  })

  it('is not a version of Guix', async () => {
    expect(
      (await nixWire(['decode', 'UInt64', '--hex', '-p', '1.100'], '0100000000000000')).exitCode,
    ).to.equal(0)
  })

  it('can be avoided: --features lists the known ones', async () => {
    const { stdout } = await nixWire(['grammar', '--features'])
    expect(stdout.toString().trim().split('\n')).to.deep.equal(knownFeatures)
    expect((await nixWire(['grammar', 'ValidPathInfo', '--features'])).exitCode).to.equal(2)
  })
})
