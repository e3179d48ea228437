import { colours } from '../colours.js'
import { write } from '../terminal.js'
import { jsonText } from '../visible.js'
import { chunksWithProgress } from './input.js'
import { nodeEvents } from './node-events.js'
import { type NodeInfo, NodeTracker } from './nodes.js'
import { piecesOf } from './read.js'
import { pathOf, showName, showPath } from './show.js'

export const ls = async (file: string, { json }: { readonly json?: true }): Promise<void> =>
  list(chunksWithProgress(file, 'reading'), [], json === true)

/** Prints what a node of an archive holds; the archive itself without names. */
export const list = async (
  chunks: AsyncIterable<Uint8Array>,
  names: ReadonlyArray<string>,
  json: boolean,
): Promise<void> => {
  const tracker = new NodeTracker()
  for await (const events of nodeEvents(piecesOf(chunks), names)) {
    const lines = events.flatMap((event) => {
      const node = tracker.next(event)
      return node === null ? [] : [json ? jsonLine(node) : line(node)]
    })
    if (lines.length > 0) {
      await write(`${lines.join('\n')}\n`)
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
