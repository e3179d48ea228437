import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Command, nixWire, node } from './command.js'
import { compare } from './compare.js'
import type { ProcessBenchmark } from './process-benchmark.js'
import { scratch } from './trees.js'

const message = fileURLToPath(new URL('../../examples/messages/valid-path-info-1.34.bin', import.meta.url))

/** In this folder, the name of the package resolves to its own build, by its exports. */
const module = (source: string): Command => ({
  ...node('--input-type=module', '--eval', source),
  directory: fileURLToPath(new URL('../../', import.meta.url)),
})

const modules = [
  'nix-wire',
  'nix-wire/combinators',
  'nix-wire/grammar',
  'nix-wire/types',
  'nix-wire/stream',
  'nix-wire/daemon',
  'nix-wire/session',
]

const id = 'start-up'
const title = 'Start-up: whole processes beside an empty one'

export const startUp: ProcessBenchmark = {
  id,
  title,
  run: (rounds, onRound) => {
    const to = `${scratch()}/out`
    return compare(
      {
        id,
        title,
        bytes: 0,
        contestants: [
          { name: 'node -e 0', command: node('-e', '0') },
          {
            name: 'nix-wire --help',
            command: { ...node(nixWire, '--help'), to },
            check: () => expectText(to, 'Commands:'),
          },
          {
            name: 'nix-wire decode',
            command: { ...node(nixWire, 'decode', 'ValidPathInfo', '--protocol', '1.34', message), to },
            check: () => expectText(to, '"narSize"'),
          },
          { name: 'an empty module', command: module('') },
          ...modules.map((specifier) => ({
            name: `import '${specifier}'`,
            command: module(`await import('${specifier}')`),
          })),
        ],
      },
      rounds,
      onRound,
    )
  },
}

const expectText = (file: string, text: string): void => {
  if (!readFileSync(file, 'utf8').includes(text)) {
    throw new Error(`${text} is missing`)
  }
}
