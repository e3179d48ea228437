import { execFileSync } from 'node:child_process'
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  statfsSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { contentsOf, namesOf } from '../workloads/files.js'
import { Random } from '../workloads/random.js'

const made: string[] = []

/** A folder in memory if there is one, so that no disk is measured. It is removed when the process ends. */
export const scratch = (): string => {
  const shared = '/dev/shm'
  const dir = mkdtempSync(join(existsSync(shared) ? shared : tmpdir(), 'nix-wire-bench-'))
  if (made.push(dir) === 1) {
    process.once('exit', () => {
      for (const each of made) {
        rmSync(each, { recursive: true, force: true })
      }
    })
  }
  return dir
}

const fill = (random: Random, dir: string, count: number, size: () => number): void => {
  mkdirSync(dir)
  for (const name of namesOf(random, count)) {
    const mode = random.chance(0.1) ? 0o755 : 0o644
    writeFileSync(join(dir, name), contentsOf(random, size()), { mode })
  }
}

/** 20,000 files of up to 2 kB in 200 directories. */
export const smallTree = (path: string): void => {
  const random = new Random(11)
  mkdirSync(path)
  for (const name of namesOf(random, 200)) {
    fill(random, join(path, name), 100, () => random.between(0, 2000))
  }
}

/** 64 MB in eight files. */
export const largeTree = (path: string): void => {
  fill(new Random(12), path, 8, () => 8_000_000)
}

/** 640 MB in eight files, for which the start of a process hardly counts. */
export const hugeTree = (path: string): void => {
  fill(new Random(14), path, 8, () => 80_000_000)
}

/**
 * A tree like a package: 2,000 small files, 200 of middle size, four large ones, links, and nested directories.
 */
export const mixedTree = (path: string): void => {
  const random = new Random(13)
  let dir = path
  mkdirSync(dir)
  for (let depth = 0; depth < 20; depth++) {
    fill(random, join(dir, 'small'), 100, () => random.between(0, 4000))
    fill(random, join(dir, 'middle'), 10, () => random.between(20_000, 200_000))
    for (const name of namesOf(random, 20)) {
      symlinkSync(`../${name}`, join(dir, `link-${name}`))
    }
    dir = join(dir, 'more')
    mkdirSync(dir)
  }
  fill(random, join(path, 'large'), 4, () => 6_000_000)
}

/** The free space in bytes. */
export const room = (dir: string): number => {
  const { bavail, bsize } = statfsSync(dir)
  return bavail * bsize
}

export interface Tree {
  readonly path: string
  /** Its archive, made by `nix-store --dump`. */
  readonly archive: string
  readonly bytes: number
}

/** A tree and its archive by Nix in a folder. */
export const treeIn = (dir: string, make: (path: string) => void): Tree => {
  const path = join(dir, 'tree')
  const archive = join(dir, 'theirs.nar')
  make(path)
  const output = openSync(archive, 'w')
  execFileSync('nix-store', ['--dump', path], { stdio: ['ignore', output, 'inherit'] })
  closeSync(output)
  return { path, archive, bytes: statSync(archive).size }
}
