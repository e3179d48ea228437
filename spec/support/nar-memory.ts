/**
 * Passes a NAR of a given size (in MiB) through the event writer and the event parser, in a process of its own, and
 * prints as JSON: `size` in bytes, and by how much the resident memory grew at most.
 */
import { type NarEvent, narBytes, narEventBatches } from '../../stream/nar/index.js'

const size = Number(process.argv[2]) * 2 ** 20
const pieceSize = 256 * 1024
const smallFiles = 20_000

// Made once, so that only the memory of the writer and the parser grows.
const pieces = Array.from({ length: 16 }, (_, i) => new Uint8Array(pieceSize).fill(i))

function* events(): Generator<NarEvent, void> {
  yield { _tag: 'directory' }
  yield { _tag: 'entry', name: 'large' }
  yield { _tag: 'regular', executable: false, size }
  for (let at = 0; at < size; at += pieceSize) {
    yield { _tag: 'contents', bytes: pieces[(at / pieceSize) % pieces.length]! }
  }
  yield { _tag: 'entry', name: 'many' }
  yield { _tag: 'directory' }
  for (let i = 0; i < smallFiles; i++) {
    yield { _tag: 'entry', name: String(i).padStart(8, '0') }
    yield { _tag: 'regular', executable: true, size: 100 }
    yield { _tag: 'contents', bytes: new Uint8Array(100) }
  }
  yield { _tag: 'directoryEnd' }
  yield { _tag: 'directoryEnd' }
}

let total = 0
async function* counted(): AsyncGenerator<Uint8Array, void> {
  for await (const chunk of narBytes(events())) {
    total += chunk.length
    yield chunk
  }
}

const before = process.memoryUsage.rss()
let most = before
let contents = 0
let entries = 0
let batches = 0
for await (const batch of narEventBatches(counted())) {
  for (const event of batch) {
    if (event._tag === 'contents') {
      contents += event.bytes.length
    } else if (event._tag === 'entry') {
      entries++
    }
  }
  if (batches++ % 16 === 0) {
    most = Math.max(most, process.memoryUsage.rss())
  }
}
most = Math.max(most, process.memoryUsage.rss())
process.stdout.write(
  `${JSON.stringify({ total, contents, expected: size + smallFiles * 100, entries, growth: most - before })}\n`,
)
