import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from './command.js'
import { nixWire, node } from './command.js'
import { type Comparison, type Contestant, compare } from './compare.js'
import { hasNix, noNix } from './nix.js'
import type { ProcessBenchmark } from './process-benchmark.js'
import { hugeTree, largeTree, mixedTree, room, scratch, smallTree, type Tree, treeIn } from './trees.js'

const trees = {
  small: { what: '20,000 files of up to 2 kB', make: smallTree },
  large: { what: '64 MB in eight files', make: largeTree },
  huge: { what: '640 MB in eight files', make: hugeTree },
  mixed: { what: '2,204 files of all sizes, and links', make: mixedTree },
} as const

type Size = keyof typeof trees

const nar = (...args: readonly string[]): Command => node(nixWire, 'nar', ...args)

const nixNarLs = (archive: string): Command => ({
  program: 'nix',
  args: ['--extra-experimental-features', 'nix-command', 'nar', 'ls', '-lR', archive, '/'],
})

const sameBytes = (a: string, b: string): void => {
  execFileSync('cmp', [a, b])
}

/** Compares trees by Nix's own dumps, which contain all that an archive can. */
const sameTree = (dir: string, { archive }: Tree, path: string): void => {
  execFileSync('sh', ['-c', 'nix-store --dump "$1" > "$2"', 'sh', path, join(dir, 'again.nar')])
  sameBytes(join(dir, 'again.nar'), archive)
}

const pack = (dir: string, { path, archive }: Tree): readonly Contestant[] => {
  const one = (name: string, command: Command, atMost?: number): Contestant => {
    const to = join(dir, 'packed.nar')
    return {
      name,
      command: { ...command, to },
      check: () => sameBytes(to, archive),
      ...(atMost !== undefined && { atMost }),
    }
  }
  return [
    one('nix-store --dump', { program: 'nix-store', args: ['--dump', path] }),
    one('nix-wire nar pack', nar('pack', path), 1),
  ]
}

const unpack = (dir: string, tree: Tree): readonly Contestant[] => {
  const target = join(dir, 'unpacked')
  const one = (name: string, command: Command, atMost?: number): Contestant => ({
    name,
    command: { ...command, from: tree.archive },
    prepare: () => rmSync(target, { recursive: true, force: true }),
    check: () => sameTree(dir, tree, target),
    ...(atMost !== undefined && { atMost }),
  })
  return [
    one('nix-store --restore', { program: 'nix-store', args: ['--restore', target] }),
    one('nix-wire nar unpack', nar('unpack', '-', target), 1),
  ]
}

const restoreAway = (dir: string, { archive }: Tree): Contestant => {
  const target = join(dir, 'restored')
  return {
    name: 'nix-store --restore',
    command: { program: 'nix-store', args: ['--restore', target], from: archive },
    prepare: () => rmSync(target, { recursive: true, force: true }),
    note: 'writes what it reads',
  }
}

const verify = (dir: string, tree: Tree): readonly Contestant[] => [
  restoreAway(dir, tree),
  { name: 'nix nar ls -lR', command: nixNarLs(tree.archive), note: 'steps over contents, and prints' },
  { name: 'nix-wire nar verify', command: nar('verify', tree.archive), atMost: 1 },
]

/** Both lists must have as many nodes as the archive, including the root. */
const ls = (dir: string, tree: Tree): readonly Contestant[] => {
  const to = join(dir, 'list')
  const count = (): number => Number(execFileSync('sh', ['-c', `wc -l < ${to}`]).toString())
  const nodes = Number(execFileSync('sh', ['-c', `find ${tree.path} | wc -l`]).toString())
  const one = (name: string, command: Command, lines: number, atMost?: number): Contestant => ({
    name,
    command: { ...command, to },
    check: () => {
      if (count() !== lines) {
        throw new Error(`${name} lists ${count()} nodes of ${lines}`)
      }
    },
    ...(atMost !== undefined && { atMost }),
  })
  return [
    // nix nar ls leaves the root out.
    one('nix nar ls -lR', nixNarLs(tree.archive), nodes - 1),
    one('nix-wire nar ls', nar('ls', tree.archive), nodes, 1),
  ]
}

type Work = (dir: string, tree: Tree) => readonly Contestant[]

const benchmark = (verb: string, work: Work, size: Size, id: string): ProcessBenchmark => {
  const { what, make } = trees[size]
  const title = `${verb}: ${what}`
  return {
    id,
    title,
    run: async (rounds, onRound) => {
      if (!hasNix()) {
        return noNix
      }
      const dir = scratch()
      if (size === 'huge' && room(dir) < 3e9) {
        return { skipped: `${dir} has not the 3 GB that a tree and two archives of it take` }
      }
      try {
        const tree = treeIn(dir, make)
        const comparison: Comparison = { id, title, bytes: tree.bytes, contestants: work(dir, tree) }
        return await compare(comparison, rounds, onRound)
      } finally {
        rmSync(dir, { recursive: true, force: true })
      }
    },
  }
}

export const narBenchmarks: readonly ProcessBenchmark[] = [
  benchmark('nar pack', pack, 'small', 'nar-pack-small'),
  benchmark('nar pack', pack, 'large', 'nar-pack-large'),
  benchmark('nar pack', pack, 'huge', 'nar-pack-huge'),
  benchmark('nar pack', pack, 'mixed', 'nar-pack-mixed'),
  benchmark('nar unpack', unpack, 'small', 'nar-unpack-small'),
  benchmark('nar unpack', unpack, 'large', 'nar-unpack-large'),
  benchmark('nar unpack', unpack, 'huge', 'nar-unpack-huge'),
  benchmark('nar unpack', unpack, 'mixed', 'nar-unpack-mixed'),
  benchmark('nar verify', verify, 'small', 'nar-verify'),
  benchmark('nar ls', ls, 'small', 'nar-ls'),
]
