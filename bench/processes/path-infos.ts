import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Command, nixWire, node } from './command.js'
import { type Contestant, compare } from './compare.js'
import { hasNix, noNix } from './nix.js'
import { type FilledDaemon, startFilledDaemon } from './nix-daemon.js'
import type { ProcessBenchmark } from './process-benchmark.js'
import { scratch } from './trees.js'

const count = 2000
const client = fileURLToPath(new URL('./path-infos-client.mjs', import.meta.url))

const contestants = ({ socket, storeDir, paths, env }: FilledDaemon, dir: string): readonly Contestant[] => {
  const from = join(dir, 'paths')
  const to = join(dir, 'printed')
  writeFileSync(from, paths.join('\n'))
  const one = (name: string, command: Command, sizes: (text: string) => readonly unknown[]): Contestant => ({
    name,
    command: { ...command, to },
    check: () => expectSizes(name, sizes(readFileSync(to, 'utf8'))),
  })
  const ours = (way: string): Command => ({ ...node(client, socket, storeDir, way), from })
  return [
    one('nix path-info --json', { program: 'nix', args: ['path-info', '--json', ...paths], env }, (text) =>
      (JSON.parse(text) as { narSize: number }[]).map(({ narSize }) => narSize),
    ),
    one(
      'nix-wire store path-info --json',
      node(nixWire, 'store', 'path-info', '--json', '--socket', socket, '--store-dir', storeDir, ...paths),
      (text) =>
        text
          .trim()
          .split('\n')
          .map((line) => (JSON.parse(line) as { narSize: number }).narSize),
    ),
    { ...one('nix-wire/daemon, one by one', ours('one-by-one'), numbers), atMost: 1 },
    {
      ...one('nix-wire/stream, pipelined', ours('pipelined'), numbers),
      atMost: 1,
      note: 'all requests are written before the first reply is read',
    },
  ]
}

const numbers = (text: string): readonly unknown[] => text.trim().split('\n').map(Number)

const expectSizes = (name: string, sizes: readonly unknown[]): void => {
  if (sizes.length !== count || !sizes.every((size) => Number.isInteger(size) && Number(size) > 112)) {
    throw new Error(`${name} prints ${sizes.length} sizes, not ${count}`)
  }
}

const id = 'daemon-path-info'
const title = `QueryPathInfo of ${count} paths, through a nix-daemon`

export const pathInfos: ProcessBenchmark = {
  id,
  title,
  run: async (rounds, onRound) => {
    if (!hasNix()) {
      return noNix
    }
    const daemon = await startFilledDaemon(count)
    try {
      return await compare(
        { id, title, bytes: 0, contestants: contestants(daemon, scratch()) },
        rounds,
        onRound,
      )
    } finally {
      await daemon.stop()
    }
  },
}
