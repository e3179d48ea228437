import { shellWord } from '../../bytes/shell-word.js'
import type { Protocol } from '../../combinators/protocol.js'
import { nixDefaults } from '../../types/nix-protocol.js'
import { visible } from '../visible.js'
import type { FindingRecord, RunRecord } from './record.js'

/** The command that shows the bytes of a finding, under the protocol of its run. */
export const dissectCommand = (
  { type, profile, protocol, modules = [] }: RunRecord,
  { expected, tag }: FindingRecord,
  file: string,
): string => {
  const { version, features = [], storeDir } = protocol as Partial<Protocol>
  // Only the canonical profile marks what is acceptable.
  const isStrict = profile === 'canonical' || (expected === 'accepts' && tag !== null)
  // A module may have a default of its own.
  const isUsual = version === nixDefaults.version && modules.length === 0
  const words = [
    'nix-wire dissect',
    ...modules.flatMap((each) => ['--module', shellWord(each)]),
    ...(version === undefined || isUsual ? [] : ['-p', shellWord(version)]),
    ...features.flatMap((each) => ['-f', shellWord(each)]),
    ...(storeDir === undefined || storeDir === nixDefaults.storeDir ? [] : ['-s', shellWord(storeDir)]),
    ...(isStrict ? ['-c'] : []),
    shellWord(type),
    shellWord(file),
  ]
  return visible(words.join(' '), Number.POSITIVE_INFINITY)
}
