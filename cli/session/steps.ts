import { showIssue } from '../../combinators/issue.js'
import { ConnectionReader } from '../../session/connection-reader.js'
import type { Side } from '../../session/events.js'
import { RecordingReader } from '../../session/recording/recording-reader.js'
import type { RecordedStep, RecordingIssue } from '../../session/recording/step.js'
import type { SessionReader } from '../../session/timed/session-reader.js'
import { Failure } from '../failure.js'
import { showName } from '../nar/show.js'
import { say } from '../terminal.js'
import { type Pair, RecordedFile } from './recorded-file.js'

/**
 * The steps of one connection of a pcapng or pcap file; `only`: its number, from 0, or null for the only one.
 */
export async function* captureSteps(path: string, only: number | null): AsyncGenerator<RecordedStep, void> {
  const reader = new RecordingReader()
  const file = await RecordedFile.open(path)
  let found = false
  try {
    for (let bytes = await file.next(); bytes !== null; bytes = await file.next()) {
      for (const step of reader.push(bytes)) {
        if (isWanted(step, path, only)) {
          found = true
          yield step
        }
      }
    }
  } finally {
    await file.close()
  }
  for (const { issue } of reader.end()) {
    const text = `${showName(path)}: ${showIssue(issue)}`
    if (!found) {
      throw new Failure(1, text)
    }
    say(`${text}; what is written is what comes before`)
  }
  if (!found) {
    const what = only === null ? 'no connection of Nix' : `no connection ${only + 1}`
    throw new Failure(1, `${showName(path)}: there is ${what} in it`)
  }
}

/** @throws Failure for a damaged file, and for one with several connections if none is chosen. */
const isWanted = (
  step: RecordedStep | RecordingIssue,
  path: string,
  only: number | null,
): step is RecordedStep => {
  if (step.kind === 'issue') {
    throw new Failure(1, `${showName(path)}: ${showIssue(step.issue)}`)
  }
  if (only === null && step.connection > 0) {
    throw new Failure(2, `${showName(path)}: there are several connections in it; --connection chooses one`)
  }
  return step.connection === (only ?? 0)
}

/** The same for two files without times, reading each side in turn. */
export async function* pairSteps(client: string, server: string): AsyncGenerator<RecordedStep, void> {
  const files = await RecordedFile.openBoth(client, server)
  const reader = new ConnectionReader()
  try {
    while (!files.client.ended || !files.server.ended) {
      const side = nextSide(reader, files)
      const bytes = await files[side].next()
      if (bytes === null) {
        reader.end(side)
        yield { kind: 'end', connection: 0, side, at: null, how: 'closed' }
      } else {
        reader.push(side, bytes)
        yield { kind: 'bytes', connection: 0, side, at: null, bytes }
      }
    }
  } finally {
    await files.client.close()
    await files.server.close()
  }
}

/** Which of the two files to read next. */
export const nextSide = (reader: Pick<SessionReader, 'wants'>, { client, server }: Pair): Side => {
  const isServers = reader.wants('server') && !reader.wants('client')
  return client.ended || (isServers && !server.ended) ? 'server' : 'client'
}
