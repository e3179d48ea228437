import { expect } from 'chai'
import { Failure } from '../../cli/failure.js'
import { remoteOf, usualDir } from '../../cli/store/remote.js'

const usual = '/nix/var/nix/daemon-socket/socket'

const refusal = (remote: string): Failure => {
  try {
    remoteOf({ NIX_REMOTE: remote })
  } catch (error) {
    expect(error).to.be.instanceOf(Failure).with.property('exitCode', 2)
    return error as Failure
  }
  throw new Error(`accepted: ${remote}`)
}

describe('NIX_REMOTE', () => {
  // As Nix 2.34 connects with it.
  const meant: ReadonlyArray<readonly [remote: string | undefined, socket: string, storeDir?: string]> = [
    [undefined, usual],
    ['', usual],
    ['auto', usual],
    ['daemon', usual],
    ['unix://', usual],
    ['unix:///run/s', '/run/s'],
    ['unix:///run/a%20b', '/run/a b'],
    ['unix:///run/%C3%BC%3f', '/run/ü?'],
    ['unix:///run/s?', '/run/s'],
    ['unix:///run/s?trusted=true&max-connections=4', '/run/s'],
    ['unix:///run/s?store=/foo', '/run/s', '/foo'],
    ['unix://?store=/f%6fo%20bar/', usual, '/foo bar/'],
  ]
  for (const [remote, socket, storeDir] of meant) {
    it(`${JSON.stringify(remote)} means the daemon at ${socket}`, () => {
      const expected = storeDir === undefined ? { socket } : { socket, storeDir }
      expect(remoteOf(remote === undefined ? {} : { NIX_REMOTE: remote })).to.deep.equal(expected)
    })
  }

  it('is combined with the other variables', () => {
    const state = { NIX_STATE_DIR: '/state' }
    expect(remoteOf(state).socket).to.equal('/state/daemon-socket/socket')
    const both = { ...state, NIX_DAEMON_SOCKET_PATH: '/d' }
    expect(remoteOf({ ...both, NIX_REMOTE: 'daemon' }).socket).to.equal('/d')
    expect(remoteOf({ ...both, NIX_REMOTE: 'unix:///x' }).socket).to.equal('/x')
    expect(remoteOf({ NIX_DAEMON_SOCKET_PATH: '', NIX_STATE_DIR: '' }).socket).to.equal(usual)
    expect([usualDir({}), usualDir({ NIX_STORE_DIR: '' }), usualDir({ NIX_STORE_DIR: '/s' })]).to.deep.equal([
      '/nix/store',
      '/nix/store',
      '/s',
    ])
  })

  const notUnderstood: ReadonlyArray<readonly [remote: string, why: string]> = [
    ['ssh-ng://builder', "--command 'ssh builder nix-daemon --stdio'"],
    ['ssh-ng://me@builder?compress=true', "--command 'ssh me@builder nix-daemon --stdio'"],
    ['ssh://builder', 'unix://PATH'],
    ['https://cache.nixos.org', 'unix://PATH'],
    ['local', 'unix://PATH'],
    ['local?root=/mnt', 'unix://PATH'],
    ['/mnt', 'unix://PATH'],
    ['unix:/run/s', 'unix://PATH'],
    ['Daemon', 'unix://PATH'],
    [' unix:///run/s', 'unix://PATH'],
    ['unix:///run/s#x', 'unix://PATH'],
    ['unix://run/s', 'absolute'],
    ['unix:///run/s?root=/mnt', '"root"'],
    ['unix:///run/s?trusted=true&real=/x', '"real"'],
    ['unix:///run/%', 'percent'],
    ['unix:///run/%ff', 'percent'],
    ['unix:///run/%00', 'percent'],
    ['unix:///run/s?store=%zz', 'percent'],
    ['unix:///run/\x1b[31m%', '\\u001b'],
  ]
  for (const [remote, why] of notUnderstood) {
    it(`${JSON.stringify(remote)} is rejected`, () => {
      expect(refusal(remote).message).to.contain('NIX_REMOTE').and.contain(why)
    })
  }
})
