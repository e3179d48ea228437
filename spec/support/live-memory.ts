/**
 * Passes so many operations through what shows and records a connection, or as many commands of the serve protocol if there
 * is a second argument `serve`, in a process of its own that was started with `--expose-gc`, and prints as JSON the least that the
 * heap holds after a third of them and at the end, and how many events there were. One operation in three has a log, one in three
 * fails. They come a second apart.
 */
import { viewOptions } from '../../cli/proxy/view-options.js'
import { Views } from '../../daemon/proxy/views.js'
import { ConnectionReader } from '../../session/connection-reader.js'
import type { Side } from '../../session/events.js'
import { MessageSlicer } from '../../session/recording/messages.js'
import { RecordingReader } from '../../session/recording/recording-reader.js'
import { RecordingWriter } from '../../session/recording/recording-writer.js'
import { RecordedSession } from '../../session/timed/recorded-session.js'
import { greeting, turnsAt } from '../serve/session.js'
import { ScriptedSession, somePath } from './scripted-session.js'
import { concat } from './wire.js'

const count = Number(process.argv[2])
const isServe = process.argv[3] === 'serve'

type Said = { readonly [S in Side]: Uint8Array }

/** The parts that an operation adds to a conversation. */
const said = (add: (script: ScriptedSession) => void): Said => {
  const script = new ScriptedSession({ version: '1.38' })
  const { client, server } = script.offsets
  script.number('client', 1).text('client', somePath)
  add(script)
  return { client: script.bytes.client.subarray(client), server: script.bytes.server.subarray(server) }
}

const operations: ReadonlyArray<Said> = [
  said((script) => script.last().number('server', 1)),
  said((script) => script.message({ _tag: 'Next', text: 'a line' }).last().number('server', 0)),
  said((script) => script.error('no such path')),
]

/** Each command once. */
const commands: ReadonlyArray<Said> = turnsAt(7).map(({ client, server }) => ({
  client: concat(...client),
  server: concat(...server),
}))

const turns = isServe ? commands : operations

let events = 0
let recorded = 0
// Prints the commands, as behind the proxy.
const shown = new RecordedSession(new ConnectionReader(viewOptions({})))
const views = new Views({ progress: true, keep: 100 }, 2 ** 26)
const view = views.open({
  onEvent: () => {
    events++
  },
  onPending: () => undefined,
  onFailure: (error) => {
    throw error
  },
})
const slicer = new MessageSlicer(0)
const writer = new RecordingWriter('week')
const reader = new RecordingReader()
const session = new RecordedSession(new ConnectionReader())
reader.push(writer.start())

const say = (side: Side, bytes: Uint8Array, at: number): void => {
  if (isServe) {
    events += shown.take({ kind: 'bytes', connection: 0, side, at, bytes }).length
  } else {
    view.push(side, bytes, at)
  }
  for (const { bytes: part, about } of slicer.push(side, bytes, at)) {
    for (const step of reader.push(writer.bytes(side, part, at, about))) {
      if (step.kind === 'issue') {
        throw new Error(step.issue.expected)
      }
      recorded += session.take(step).length
    }
  }
}

/** Code and buffers are kept for some collections, so the lowest of many measurements counts. */
const held = async (): Promise<number> => {
  await view.caughtUp()
  let least = Number.POSITIVE_INFINITY
  for (let i = 0; i < 24; i++) {
    // Objects released in a turn are freed only by the next collection.
    globalThis.gc?.()
    await new Promise((resolve) => setImmediate(resolve))
    const { heapUsed, arrayBuffers } = process.memoryUsage()
    least = Math.min(least, heapUsed + arrayBuffers)
  }
  return least
}

const hello = greeting(7)
const handshake = isServe
  ? { client: concat(...hello.client), server: concat(...hello.server) }
  : new ScriptedSession({ version: '1.38' }).bytes
say('client', handshake.client, 0)
say('server', handshake.server, 0)
let early = Number.NaN
for (let i = 0; i < count; i++) {
  const { client, server } = turns[i % turns.length]!
  say('client', client, 1000 * i)
  say('server', server, 1000 * i + 999)
  if (i % 1000 === 0) {
    await view.caughtUp()
  }
  if (i === Math.floor(count / 3)) {
    early = await held()
  }
}
const late = await held()
console.log(JSON.stringify({ early, late, events, recorded }))
