import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  createWriteStream,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { expect } from 'chai'
import {
  listingIssues,
  listingOf,
  parseListing,
  parseListingNode,
  printListing,
  printListingNode,
} from '../../store/listing/index.js'
import { narEvents, pack, treeEvents } from '../../stream/nar/index.js'
import { nixWire, type Ran } from '../support/cli.js'
import { rightOf } from '../support/either.js'
import { describeWithNix, type NixDaemon, startNixDaemon } from '../support/nix-daemon.js'
import { describeReleases } from '../support/nix-releases.js'
import { describeWithNixStore, NixCommands } from '../support/nix-store.js'

const makeTree = (root: string): void => {
  mkdirSync(join(root, 'bin', 'deep', 'er'), { recursive: true })
  writeFileSync(join(root, 'bin', 'run'), '#!/bin/sh\n')
  chmodSync(join(root, 'bin', 'run'), 0o755)
  writeFileSync(join(root, 'bin', 'zero'), '')
  symlinkSync('bin/run', join(root, 'link'))
  symlinkSync('/nonexistent/ö', join(root, 'link away'))
  mkdirSync(join(root, 'empty'))
  // Names that JSON escapes, that JavaScript orders differently, and that an object would reorder.
  for (const [i, name] of [
    'q"\\\n\t\u001b\u007f',
    '\uffee',
    '\u{1f600}',
    'Zoë',
    '9',
    '10',
    '.a',
    '__proto__',
  ].entries()) {
    writeFileSync(join(root, name), 'x'.repeat(i * i))
  }
}

// JSON of the newer releases has its members in order.
const isSorted = (version: string): boolean => version === '2.26' || version === '2.34'

describeWithNixStore('the listing of an archive, compared with real Nix', () => {
  let dir = ''
  let tree = ''
  let nar = ''

  before(async () => {
    dir = realpathSync(mkdtempSync(join(tmpdir(), 'nix-wire-listing-')))
    tree = join(dir, 'tree')
    nar = join(dir, 'tree.nar')
    makeTree(tree)
    await pipeline(pack(tree), createWriteStream(nar))
  })
  after(() => {
    rmSync(dir, { recursive: true, force: true })
  })

  describeReleases('as JSON', ({ version, bin }) => {
    let nix: NixCommands

    before(() => {
      nix = new NixCommands(join(dir, version), bin)
    })

    it('is the same as from nix nar ls', async () => {
      const ours = rightOf(await listingOf(treeEvents(tree))())
      const command = version === '2.3' ? ['ls-nar'] : ['nar', 'ls']
      const theirs = nix.run('nix', [...command, '--json', '--recursive', nar, '/'])
      expect(rightOf(parseListingNode(theirs))).to.deep.equal(ours)
      if (isSorted(version)) {
        expect(`${printListingNode(ours)}\n`).to.equal(theirs.toString())
      }
    })

    it('is the same as from nix store ls, and as beside a narinfo', async () => {
      const ours = rightOf(await listingOf(narEvents([readFileSync(nar)]))())
      const path = nix.run('nix-store', ['--add', tree]).toString().trim()
      const listed = nix.run('nix', [
        ...(version === '2.3' ? ['ls-store'] : ['store', 'ls']),
        '--json',
        '-R',
        path,
      ])
      // A store on the disk has no offsets.
      expect(listed.toString()).not.to.contain('narOffset')
      expect(listingIssues(rightOf(parseListingNode(listed)), ours)).to.deep.equal([])
      const cache = join(dir, `cache-${version}`)
      nix.run('nix', [
        'copy',
        '--no-check-sigs',
        '--to',
        `file://${cache}?write-nar-listing=1&compression=none`,
        path,
      ])
      const theirs = readFileSync(join(cache, `${path.slice(nix.storeDir.length + 1).slice(0, 32)}.ls`))
      expect(rightOf(parseListing(theirs))).to.deep.equal(ours)
      if (isSorted(version)) {
        expect(printListing(ours)).to.equal(theirs.toString())
      }
    })
  })
})

describeWithNix('a file below a store path, compared with a real daemon', () => {
  let daemon: NixDaemon
  let path = ''

  const nix = (command: string, ...args: ReadonlyArray<string>): Buffer =>
    execFileSync(command, args, { env: daemon.env, stdio: ['ignore', 'pipe', 'pipe'] })
  const store = async (...args: ReadonlyArray<string>): Promise<Ran> =>
    nixWire(['store', ...args, '--socket', daemon.socket, '--store-dir', daemon.storeDir])

  before(async () => {
    daemon = await startNixDaemon()
    makeTree(join(daemon.dir, 'tmp', 'tree'))
    path = nix('nix-store', '--add', join(daemon.dir, 'tmp', 'tree'))
      .toString()
      .trim()
  })
  after(() => daemon?.stop())

  for (const below of ['', '/bin', '/bin/run', '/link', '/bin/deep/er', '/.a']) {
    it(`is listed and archived like by Nix: P${below}`, async () => {
      const { stdout } = await store('ls', '--json', path + below)
      const theirs = nix('nix', 'store', 'ls', '--json', '--recursive', path + below)
      expect(
        listingIssues(rightOf(parseListingNode(theirs)), rightOf(parseListingNode(stdout))),
      ).to.deep.equal([])
      const archive = (await store('nar', path + below)).stdout
      expect(archive.equals(nix('nix-store', '--dump', path + below))).to.equal(true)
    })
  }

  it('is printed like by Nix, and neither follows links', async () => {
    expect((await store('cat', `${path}/bin/run`)).stdout).to.deep.equal(
      nix('nix', 'store', 'cat', `${path}/bin/run`),
    )
    for (const below of ['/bin', '/link', '/link/x', '/none', '/bin/run/x', '/bin/none/x']) {
      expect(() => nix('nix', 'store', 'cat', path + below), below).to.throw()
      const { exitCode, stdout } = await store('cat', path + below)
      expect([exitCode, stdout.length], below).to.deep.equal([1, 0])
    }
  })
})
