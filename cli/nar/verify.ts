import { write } from '../terminal.js'
import { chunksWithProgress } from './input.js'
import { piecesOf } from './read.js'

export interface VerifyOptions {
  readonly listing?: string
}

export const verify = async (file: string, { listing }: VerifyOptions): Promise<void> => {
  const said = listing === undefined ? null : await (await import('./said-listing.js')).saidListing(listing)
  const count = { regular: 0, symlink: 0, directory: 0 }
  let size = 0
  for await (const { bytes, events } of piecesOf(chunksWithProgress(file, 'verifying'))) {
    size += bytes.length
    for (const event of events) {
      const { _tag } = event
      if (_tag === 'regular' || _tag === 'symlink' || _tag === 'directory') {
        count[_tag]++
      }
      said?.take(event)
    }
  }
  const { regular, symlink, directory } = count
  await write(
    `valid: ${size} bytes, files: ${regular}, symbolic links: ${symlink}, directories: ${directory}\n`,
  )
  if (said !== null) {
    said.compare()
    await write('the listing matches the archive\n')
  }
}
