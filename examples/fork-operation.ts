/**
 * A fork of Nix has an operation of its own: QueryClosureSize, which both sides have to name as a feature. Written down
 * once, it has a method of the client, a handler of the server, and a place in a recorded session.
 *
 * Run it with `node --import tsx examples/fork-operation.ts`.
 */
import { type Duplex, duplexPair } from 'node:stream'
import { feature, struct, u32 } from 'nix-wire'
import { promises, serve } from 'nix-wire/daemon'
import { operation, operations, StorePath, UInt64 } from 'nix-wire/grammar'
import { printJson } from 'nix-wire/interpreters'
import { eventJson, SessionDecoder, type Side } from 'nix-wire/session'
import { StorePath as StorePathText } from 'nix-wire/types'

const table = {
  ...operations,
  QueryClosureSize: operation({
    id: 4711,
    name: 'QueryClosureSize',
    summary: 'how much a path weighs with all it needs',
    since: '1.38',
    gate: feature('closure-size'),
    request: struct('QueryClosureSizeRequest', { path: StorePath }),
    reply: struct('QueryClosureSizeReply', { paths: u32, bytes: UInt64 }),
  }),
}

const options = { operations: table, features: ['closure-size'] }

const handlers = { QueryClosureSize: () => ({ paths: 7, bytes: 30_000_000_000n }) }

// A session decoder reads both directions too.
const session = new SessionDecoder({ operations: table })
async function* watched(side: Side, stream: Duplex): AsyncGenerator<Uint8Array> {
  for await (const bytes of stream) {
    for (const event of session.push(side, bytes)) {
      if (event.kind === 'operation' && event.id === table.QueryClosureSize.id) {
        console.log(printJson(eventJson(event), 0))
      }
    }
    yield bytes
  }
}

const [here, there] = duplexPair()
const served = serve({ readable: watched('client', there), writable: there }, handlers, options)
const client = await promises.connect({ readable: watched('server', here), writable: here }, options)

const path = StorePathText.make('/nix/store/43c29sgdpjbvrxsal68273n6g81s2kni-letter.txt')
if (path._tag === 'Right') {
  // Requests and replies have types: `bytes` is a bigint.
  const { paths, bytes } = await client.promises.queryClosureSize({ path: path.right })
  console.log(`${paths} paths, ${bytes / 1_000_000n} MB`)
}
await client.close()
await served

// A daemon that does not name the feature does not have the operation.
const [one, other] = duplexPair()
void serve(other, handlers, { ...options, features: [] })
const stranger = await promises.connect(one, options)
if (path._tag === 'Right') {
  const refused = await stranger.queryClosureSize({ path: path.right })()
  console.log(refused._tag === 'Left' && refused.left)
}
await stranger.close()
