import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { nearly } from '../../../laws/bytes.js'
import { commandLines, endsByItself, endsWell, inputs, makePlaces } from '../../support/command-lines.js'
import { some } from '../draw.js'
import { alone, plainTrial, type Target, type Trial } from '../trial.js'

const lines = 6

/** Runs a command line in a folder of its own, where words taken for output names create files. */
const inFolder = async (run: () => Promise<void>): Promise<void> => {
  const dir = mkdtempSync(join(tmpdir(), 'nix-wire-fuzz-words-'))
  const before = process.cwd()
  process.chdir(dir)
  try {
    makePlaces(dir)
    await run()
  } finally {
    process.chdir(before)
    rmSync(dir, { recursive: true, force: true })
  }
}

const given = fc.constantFrom(...inputs)
const cases = fc.tuple(commandLines.filter(endsByItself), fc.oneof(given, nearly(given)), fc.boolean())

function* batch(seed: number): Generator<Trial, void> {
  for (const [words, stdin, terminal] of some(cases, lines, seed)) {
    const hex = Buffer.from(stdin).toString('hex')
    yield plainTrial(
      `nix-wire, ${terminal ? 'on' : 'without'} a terminal`,
      () => `${JSON.stringify(words)} < ${hex}`,
      () => inFolder(() => endsWell(words, stdin, terminal)),
    )
  }
}

export const commandLine: Target = {
  name: 'command-line',
  summary:
    'command lines of any words: they end with a line, a known exit code, and nothing a terminal acts on',
  open: alone(batch),
}
