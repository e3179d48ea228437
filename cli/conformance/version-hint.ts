import type { CodecRun } from '../../conformance/codecs/index.js'

interface Counts {
  valid: number
  rejected: number
}

/** The counts of valid messages, and of those that the program rejects, by version. */
const validOnes = ({ results }: CodecRun): ReadonlyMap<string, Counts> => {
  const counts = new Map<string, Counts>()
  for (const { vector, judgements } of results) {
    const { version } = vector.protocol
    if (version === undefined || vector.result !== 'valid' || judgements.length === 0) {
      continue
    }
    const known = counts.get(version) ?? { valid: 0, rejected: 0 }
    counts.set(version, known)
    known.valid++
    known.rejected += judgements.some(({ check, wrong }) => check === 'verdict' && wrong !== null) ? 1 : 0
  }
  return counts
}

/**
 * A hint for a program of another version than some of the vectors: it rejects valid messages of these, and none of the
 * versions that the hint names.
 */
export const versionHint = (run: CodecRun): ReadonlyArray<string> => {
  const all = [...validOnes(run)]
  const fitting = all.filter(([, { rejected }]) => rejected === 0).map(([version]) => version)
  const others = all.filter(([, { rejected }]) => rejected > 0).map(([version]) => version)
  return fitting.length === 0 || others.length === 0
    ? []
    : [
        `The program rejects valid messages of ${others.join(', ')}, and none of ${fitting.join(', ')}. If it has only ` +
          `${fitting.length === 1 ? 'that version' : 'one of these versions'}, test it with ${fitting.map((each) => `--protocol ${each}`).join(' or ')}.`,
      ]
}
