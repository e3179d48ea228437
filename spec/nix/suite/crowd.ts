import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { isSome } from 'fp-ts/lib/Option.js'
import type { ProtocolVersion } from '../../../combinators/version.js'
import { toNix32 } from '../../../types/index.js'
import { digest } from '../../support/memory-store.js'
import { infoAt, pathInfos, type Scene } from './scene.js'

const count = 2000

const hash = (i: number): Buffer => digest('sha256', `path ${i}`)

/** Registers paths that are not there, past the daemon: to add so many files takes it long. */
const register = ({ daemon }: Scene): void => {
  const path = (i: number) => `${daemon.storeDir}/${toNix32(hash(i).subarray(0, 20))}-crowd-${i}`
  const records = Array.from({ length: count }, (_, i) => {
    // Each refers to a few of those before it.
    const references = [i >> 1, i >> 2, i - 1].filter(
      (other, at, all) => other >= 0 && other < i && all.indexOf(other) === at,
    )
    const deriver = i % 3 === 0 ? `${path(i)}.drv` : ''
    return [
      path(i),
      hash(i).toString('hex'),
      1000 + i,
      deriver,
      references.length,
      ...references.map(path),
    ].join('\n')
  })
  const file = join(daemon.dir, 'crowd')
  writeFileSync(file, `${records.join('\n')}\n`)
  execFileSync('/bin/sh', ['-c', 'exec nix-store --load-db < "$0"', file], {
    env: { ...daemon.env, NIX_REMOTE: 'local', NIX_STATE_DIR: join(daemon.dir, 'var') },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
}

/** A store with many paths. */
export const describeCrowd = (given: () => Scene, version: ProtocolVersion): void => {
  it(`agrees with nix path-info on a store with ${count} paths`, async () => {
    const scene = given()
    register(scene)
    const expected = await pathInfos(scene, '--all')
    expect(expected.size).to.be.greaterThan(count)
    const client = await scene.connect(version)
    const paths = await client.promises.queryAllValidPaths()
    expect(new Set(paths)).to.deep.equal(new Set(expected.keys()))
    for (const path of paths) {
      const info = await client.promises.queryPathInfo({ path })
      expect(isSome(info) && infoAt(version, info.value), path).to.deep.equal(
        infoAt(version, expected.get(path)!),
      )
    }
    const atOnce = await Promise.all(paths.map((path) => client.promises.queryPathInfo({ path })))
    for (const [i, info] of atOnce.entries()) {
      expect(isSome(info) && infoAt(version, info.value)).to.deep.equal(
        infoAt(version, expected.get(paths[i]!)!),
      )
    }
    await client.close()
  })
}
