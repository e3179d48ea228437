import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { none, some } from 'fp-ts/lib/Option.js'
import { type Serving, serveAt } from '../../daemon/serve-at.js'
import type { UnkeyedValidPathInfo } from '../../grammar/path-info.js'
import type { NARHash, StorePath } from '../../types/index.js'
import { nixWire } from '../support/cli.js'

const root = '/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-root' as StorePath
const references = Array.from({ length: 200_000 }, (_, i) => `${root}-${i}` as StorePath)

const infoOf = (path: StorePath): UnkeyedValidPathInfo => ({
  deriver: none,
  narHash: '0'.repeat(64) as NARHash,
  references: path === root ? references : [],
  registrationTime: 0n,
  narSize: 1n,
  ultimate: false,
  signatures: [],
  ca: none,
})

/** The paths of the daemon besides the root. */
let known: ReadonlySet<StorePath>

describe('nix-wire store closure', () => {
  let dir: string
  let server: Serving
  before(async () => {
    dir = mkdtempSync(join(tmpdir(), 'nix-wire-'))
    server = await serveAt(join(dir, 's'), {
      QueryPathInfo: ({ path }) => (path === root || known.has(path) ? some(infoOf(path)) : none),
    })
  })
  after(async () => {
    await server.close()
    rmSync(dir, { recursive: true })
  })

  // Each request takes a round trip: 200,000 would take a quarter of a minute.
  it('handles a path with 200,000 references, and names the first that is missing', async () => {
    // A set is in the order of its texts.
    const sorted = [...references].sort()
    known = new Set(sorted.slice(0, 1000))
    const ran = await nixWire(['store', 'closure', '--socket', join(dir, 's'), root])
    expect([ran.exitCode, ran.stderr, ran.stdout.length]).to.deep.equal([
      1,
      `nix-wire: ${sorted[1000]} is not valid\n`,
      0,
    ])
  })
})
