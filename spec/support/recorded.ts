import { readFileSync } from 'node:fs'
import { RecordingReader } from '../../session/recording/recording-reader.js'
import type { RecordedStep, RecordingIssue } from '../../session/recording/step.js'

/** All events of a recording in a pcapng file, in order. */
export const recordedSteps = (path: string): ReadonlyArray<RecordedStep | RecordingIssue> => {
  const reader = new RecordingReader()
  return [...reader.push(readFileSync(path)), ...reader.end()]
}

/** The bytes of both sides, from the files of a connection, the first of which is a pcapng file. */
export const recordedBytes = (
  files: ReadonlyArray<string>,
): { readonly client: Buffer; readonly server: Buffer } => {
  const steps = recordedSteps(files[0] ?? '')
  const bytesOf = (side: 'client' | 'server'): Buffer =>
    Buffer.concat(
      steps.map((step) => (step.kind === 'bytes' && step.side === side ? step.bytes : new Uint8Array())),
    )
  return { client: bytesOf('client'), server: bytesOf('server') }
}
