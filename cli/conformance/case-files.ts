import { join } from 'node:path'
import { quoted } from '../../combinators/show.js'
import { recordingOf } from '../../conformance/daemon/index.js'
import { Failure } from '../failure.js'
import { showName } from '../nar/show.js'
import { OutputFolder } from '../output-folder.js'
import { say } from '../terminal.js'

/** The description of a failed case, of a client or a daemon. */
type Tried = Parameters<typeof recordingOf>[0] & { readonly verdict: string }

const fileOf = ({ id }: Tried): string => `${id}.pcapng`

const failedOf = <R extends Tried>(results: ReadonlyArray<R>): ReadonlyArray<R> =>
  results.filter(({ verdict }) => verdict === 'failed')

const isRecorded = ({ sent }: Tried): boolean => sent.length > 0

/** Writes a recording of each failed case into a folder. */
export const writeRecordings = async (dir: string, results: ReadonlyArray<Tried>): Promise<void> => {
  const recorded = failedOf(results).filter(isRecorded)
  if (recorded.length > 0) {
    await OutputFolder.fill(dir, async (folder) => {
      for (const result of recorded) {
        await folder.write(fileOf(result), recordingOf(result), 0o600)
      }
    })
  }
}

/** The commands that show a failed case, and try it again. */
export const commandsOf = (dir: string, result: Tried, repeating: string): ReadonlyArray<string> =>
  result.verdict === 'failed'
    ? [...(isRecorded(result) ? [`nix-wire session ${join(dir, fileOf(result))}`] : []), repeating]
    : []

/** Prints where the recordings are. */
export const sayWhere = (dir: string, results: ReadonlyArray<Tried>): void => {
  if (failedOf(results).some(isRecorded)) {
    say(`recordings are in ${showName(dir)}`)
  }
}

/** @throws Failure for a word of `--only` that no case has, and if there is no case at all. */
export const expectSome = (
  results: ReadonlyArray<Tried>,
  only: ReadonlyArray<string>,
  stopped: string | null,
): void => {
  const vain = only.find((start) => !results.some(({ id }) => id.startsWith(start)))
  if (stopped === null && vain !== undefined) {
    throw new Failure(2, `--only: no case that was tried has an id that begins with ${quoted(vain)}`)
  }
  if (stopped === null && results.length === 0) {
    throw new Failure(2, 'there is no such case')
  }
}

/** @throws Failure if a case failed, or not all were tried. */
export const expectNoneFailed = (results: ReadonlyArray<Tried>, stopped: string | null): void => {
  const { length } = failedOf(results)
  if (length > 0 || stopped !== null) {
    throw new Failure(1, stopped ?? (length === 1 ? 'one case failed' : `${length} cases failed`))
  }
}
