import { shellWord } from '../../bytes/shell-word.js'
import type { Result, Section } from '../../conformance/client/index.js'
import type { ReportFiles } from './report-files.js'

/** The options of `conformance client`. */
export interface ClientOptions extends ReportFiles {
  readonly listen?: string
  readonly storeDir: string
  readonly section: ReadonlyArray<Section>
  readonly only: ReadonlyArray<string>
  readonly ways: number
  readonly seed: number
  readonly timeout: number
  readonly expectedFailures?: string
  readonly writeFailures?: string
  readonly record: string
}

/** The command that tries one case again. */
export const repeating = (
  { listen, storeDir, ways, seed, timeout }: ClientOptions,
  command: ReadonlyArray<string>,
  { id }: Pick<Result, 'id'>,
): string =>
  [
    'nix-wire conformance client',
    ...(listen === undefined ? [] : [`--listen ${shellWord(listen)}`]),
    ...(storeDir === '/nix/store' ? [] : [`--store-dir ${shellWord(storeDir)}`]),
    ...(ways === 8 ? [] : [`--ways ${ways}`]),
    ...(seed === 1 ? [] : [`--seed ${seed}`]),
    ...(timeout === 10 ? [] : [`--timeout ${timeout}`]),
    `--only ${shellWord(id)}`,
    '--',
    ...command.map(shellWord),
  ].join(' ')
