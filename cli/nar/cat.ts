import { Failure } from '../failure.js'
import { write } from '../files.js'
import { chunksWithProgress } from './input.js'
import { type NodeInfo, NodeTracker } from './nodes.js'
import { piecesOf } from './read.js'
import { showName, showPath } from './show.js'

/** Prints the contents of one file, and reads no further than their end. */
export const cat = async (file: string, path: string): Promise<void> => {
  const wanted = path.split('/').filter((name) => name !== '' && name !== '.')
  const tracker = new NodeTracker()
  let left = -1
  for await (const { events } of piecesOf(chunksWithProgress(file, 'reading'))) {
    for (const event of events) {
      const node = tracker.next(event)
      if (left > 0 && event._tag === 'contents') {
        await write(event.bytes)
        left -= event.bytes.length
      } else if (node !== null && left === -1 && isAt(node, wanted)) {
        left = sizeOfFile(node)
      }
      if (left === 0) {
        return
      }
    }
  }
  throw new Failure(1, `no ${showPath(wanted)} in the archive`)
}

const isAt = ({ names }: NodeInfo, wanted: ReadonlyArray<string>): boolean =>
  names.length === wanted.length && names.every((name, i) => name === wanted[i])

const sizeOfFile = ({ names, type, size = 0, target = '' }: NodeInfo): number => {
  if (type === 'regular') {
    return size
  }
  const what = type === 'directory' ? 'a directory' : `a symbolic link to ${showName(target)}`
  throw new Failure(1, `${showPath(names)} is ${what}, not a file`)
}
