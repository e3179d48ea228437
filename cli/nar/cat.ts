import type { NarEvent } from '../../stream/nar/events.js'
import { Failure } from '../failure.js'
import { write } from '../terminal.js'
import { chunksWithProgress } from './input.js'
import { nodeEvents } from './node-events.js'
import { piecesOf } from './read.js'
import { namesOf, showName, showPath, unquoted } from './show.js'

export const cat = (file: string, path: string): Promise<void> =>
  printFile(chunksWithProgress(file, 'reading'), namesOf(unquoted(path)))

/** Prints the contents of one file of an archive, and stops reading at their end. */
export const printFile = async (
  chunks: AsyncIterable<Uint8Array>,
  names: ReadonlyArray<string>,
): Promise<void> => {
  let left = -1
  for await (const events of nodeEvents(piecesOf(chunks), names)) {
    for (const event of events) {
      if (event._tag === 'contents') {
        await write(event.bytes)
        left -= event.bytes.length
      } else {
        left = sizeOfFile(names, event)
      }
    }
    if (left === 0) {
      return
    }
  }
}

const sizeOfFile = (names: ReadonlyArray<string>, node: NarEvent): number => {
  if (node._tag === 'regular') {
    return node.size
  }
  const what = node._tag === 'symlink' ? `a symbolic link to ${showName(node.target)}` : 'a directory'
  throw new Failure(1, `${showPath(names)} is ${what}, not a file`)
}
