import { write } from '../terminal.js'
import { chunksWithProgress } from './input.js'
import { piecesOf } from './read.js'

export const verify = async (file: string): Promise<void> => {
  const count = { regular: 0, symlink: 0, directory: 0 }
  let size = 0
  for await (const { bytes, events } of piecesOf(chunksWithProgress(file, 'verifying'))) {
    size += bytes.length
    for (const { _tag } of events) {
      if (_tag === 'regular' || _tag === 'symlink' || _tag === 'directory') {
        count[_tag]++
      }
    }
  }
  const { regular, symlink, directory } = count
  await write(
    `valid: ${size} bytes, files: ${regular}, symbolic links: ${symlink}, directories: ${directory}\n`,
  )
}
