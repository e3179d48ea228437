import type { AddToStoreRequest } from '../../grammar/operations/add-to-store.js'
import type { NarEvent } from '../../stream/nar/events.js'
import { chunksOf, expectSource, type Source } from '../../stream/source.js'
import { RemoteError } from '../failure.js'
import type { ServedUpload } from '../server-types.js'

/**
 * The upload of AddToStore in the form of its method: the bytes of the file for Flat and Text, an archive for the
 * others. Below protocol 1.25 a file comes in an archive too, and is extracted.
 *
 * @throws RemoteError, while it is iterated over, if a method for files gets an archive of something else; IssueError
 * for an archive that breaks a rule.
 */
export const dumpOf = (
  { method }: Pick<AddToStoreRequest, 'method'>,
  { stream, upload }: Pick<ServedUpload, 'stream' | 'upload'>,
): AsyncIterable<Uint8Array> =>
  stream?.content === 'Nar' && isOfFile(method) ? contentsOfArchive(upload) : upload

/** Whether the upload of a method is the bytes of a file, not an archive. */
export const isOfFile = ({ _tag }: AddToStoreRequest['method']): boolean => _tag === 'Flat' || _tag === 'Text'

async function* contentsOfArchive(nar: Source): AsyncGenerator<Uint8Array, void> {
  const { narEvents } = await import('../../stream/nar/stream.js')
  for await (const event of narEvents(nar)) {
    if (event._tag === 'contents') {
      yield event.bytes
    } else {
      expectFile(event)
    }
  }
}

/** @internal @throws RemoteError for an archive of anything but a file. */
export const expectFile = ({ _tag }: NarEvent): void => {
  if (_tag !== 'regular' && _tag !== 'contents') {
    throw new RemoteError(`expected a regular file, not a ${_tag === 'symlink' ? 'symbolic link' : _tag}`)
  }
}

/**
 * The archive of one file that is not executable, such as a store keeps for texts and flat files. The size of the
 * file comes first in it, so it must be known.
 *
 * ```ts
 * import { archiveOfFile } from 'nix-wire/daemon'
 *
 * let size = 0
 * for await (const chunk of archiveOfFile(5, [new TextEncoder().encode('hello')])) {
 *   size += chunk.length
 * }
 * size // => 120
 * ```
 *
 * @throws IssueError, while it is iterated over, for contents of another size.
 */
export const archiveOfFile = (size: number, contents: Source): AsyncGenerator<Uint8Array, void> => {
  expectSource(contents)
  return archived(size, contents)
}

async function* archived(size: number, contents: Source): AsyncGenerator<Uint8Array, void> {
  const { narBytes } = await import('../../stream/nar/stream.js')
  yield* narBytes(fileEvents(size, contents))
}

async function* fileEvents(size: number, contents: Source): AsyncGenerator<NarEvent, void> {
  yield { _tag: 'regular', executable: false, size }
  const chunks = chunksOf(contents)
  for (let bytes = await chunks.next(); bytes !== null; bytes = await chunks.next()) {
    if (bytes.length > 0) {
      yield { _tag: 'contents', bytes }
    }
  }
}
