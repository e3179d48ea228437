import { connectFlow } from '../../conversation/index.js'
import { operations, workerOf } from '../../grammar/index.js'
import { narDelimiter } from '../../stream/index.js'

const worker = workerOf(operations, { archive: narDelimiter })

/** A connection through a WebSocket, as a pair of Web Streams. */
const streamsOf = async (address: string) => {
  const socket = new WebSocket(address)
  socket.binaryType = 'arraybuffer'
  await new Promise((resolve) => socket.addEventListener('open', resolve, { once: true }))
  const readable = new ReadableStream<Uint8Array>({
    start: (controller) => {
      socket.addEventListener('message', ({ data }) =>
        controller.enqueue(new Uint8Array(data as ArrayBuffer)),
      )
      socket.addEventListener('close', () => controller.close(), { once: true })
    },
  })
  const writable = new WritableStream<Uint8Array>({
    write: (chunk) => socket.send(Uint8Array.from(chunk)),
    close: () => socket.close(),
    abort: () => socket.close(),
  })
  return { readable, writable }
}

const plain = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? `${each}` : each)))

/** Adds a file of that size, queries it and a missing path at once, and reads it back. */
const talk = async (address: string, storeDir: string, size: number): Promise<unknown> => {
  const says = { magic: {}, version: '1.34', features: [], cpuFlag: 0, cpu: 0, reserve: 0 } as const
  const connected = await connectFlow(worker, await streamsOf(address), { says, protocol: { storeDir } })()
  if (connected._tag === 'Left') {
    return plain(connected)
  }
  const { calls, close, protocol } = connected.right
  const bytes = new Uint8Array(size).map((_, i) => i)
  const method = { _tag: 'Flat', algorithm: 'sha256' } as const
  const added = await calls.AddToStore({
    request: { name: 'from-a-browser', method, references: [], repair: false },
    upload: [bytes.subarray(0, 1000), bytes.subarray(1000)],
  })()
  if (added._tag === 'Left') {
    return plain(added)
  }
  const { path } = added.right.reply
  const [isValid, info, missing] = await Promise.all([
    calls.IsValidPath({ request: { path } })(),
    calls.QueryPathInfo({ request: { path } })(),
    calls.QueryPathInfo({ request: { path: path.replace(/from/, 'not-from') as typeof path } })(),
  ])
  const nar = await calls.NarFromPath({ request: { path } })()
  let downloaded = 0
  if (nar._tag === 'Right') {
    for await (const chunk of nar.right.download) {
      downloaded += chunk.length
    }
  }
  await close()
  return plain({ version: protocol.version, path, isValid, info, missing, downloaded })
}

Object.assign(globalThis, { talk })
