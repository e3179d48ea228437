import { colours } from '../colours.js'
import { Failure } from '../failure.js'
import { write } from '../terminal.js'
import { jsonText } from '../visible.js'
import { chunksWithProgress } from './input.js'
import { nodeEvents } from './node-events.js'
import { type NodeInfo, NodeTracker } from './nodes.js'
import { type Piece, piecesOf } from './read.js'
import { namesOf, pathOf, showName, showPath, unquoted } from './show.js'

/** How a listing is printed: for people unless one of these is set. */
export interface ListOptions {
  readonly json?: true
  readonly jsonLines?: true
  readonly listing?: true
}

export const ls = (file: string, path: string, options: ListOptions): Promise<void> =>
  list(chunksWithProgress(file, 'reading'), namesOf(unquoted(path)), options)

/** Lists a node of an archive; without names, the whole archive. */
export const list = async (
  chunks: AsyncIterable<Uint8Array>,
  names: ReadonlyArray<string>,
  { json, jsonLines, listing }: ListOptions,
): Promise<void> => {
  const pieces = piecesOf(chunks)
  if (listing === true) {
    if (names.length > 0) {
      throw new Failure(2, `--listing is for a whole archive, but ${showPath(names)} is a part of one`)
    }
    await (await import('./listing.js')).printWhole(pieces)
  } else if (json === true) {
    await (await import('./listing.js')).printPart(pieces, names)
  } else {
    await printNodes(pieces, names, jsonLines === true ? jsonLine : line)
  }
}

const printNodes = async (
  pieces: AsyncIterable<Piece>,
  names: ReadonlyArray<string>,
  show: (node: NodeInfo) => string,
): Promise<void> => {
  const tracker = new NodeTracker()
  for await (const events of nodeEvents(pieces, names)) {
    let lines = ''
    for (const event of events) {
      const node = tracker.next(event)
      if (node !== null) {
        lines += `${show(node)}\n`
      }
    }
    if (lines !== '') {
      await write(lines)
    }
  }
}

const jsonLine = ({ names, ...rest }: NodeInfo): string => jsonText({ path: pathOf(names), ...rest })

const line = ({ names, type, size = 0, executable, target }: NodeInfo): string => {
  const path = showPath(names)
  switch (type) {
    case 'directory':
      return row('dr-xr-xr-x', size, colours.blue(path))
    case 'symlink':
      return row('lrwxrwxrwx', size, `${colours.cyan(path)} -> ${showName(target ?? '')}`)
    case 'regular':
      return executable === true
        ? row('-r-xr-xr-x', size, colours.green(path))
        : row('-r--r--r--', size, path)
  }
}

const row = (mode: string, size: number, path: string): string =>
  `${mode} ${String(size).padStart(14)} ${path}`
