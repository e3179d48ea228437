/**
 * Prints what a daemon's store knows of each of its paths, one line of JSON each, in no order.
 *
 *     node --import tsx examples/path-infos.ts [SOCKET [STORE_DIR]] | jq .info.narSize
 *
 * Some connections ask at the same time. Beside the list of the paths, memory holds one path info for each of them,
 * however large the store is and however slowly the lines are read.
 */
import { once } from 'node:events'
import { option as O } from 'fp-ts'
import { promises } from 'nix-wire/daemon'
import { ValidPathInfo } from 'nix-wire/grammar'
import { printJson, toJson } from 'nix-wire/interpreters'

const [socket = '/nix/var/nix/daemon-socket/socket', storeDir = '/nix/store'] = process.argv.slice(2)
const connections = 4

const connect = () => promises.connect(socket, { storeDir, timeout: 60_000 })
type Connection = Awaited<ReturnType<typeof connect>>

const print = async (line: string): Promise<void> => {
  if (!process.stdout.write(`${line}\n`)) {
    await once(process.stdout, 'drain')
  }
}

/** All connections take from one iterator, so each path is asked for once. */
const ask = async (client: Connection, paths: Iterable<ValidPathInfo['path']>): Promise<void> => {
  for (const path of paths) {
    const info = await client.promises.queryPathInfo({ path })
    // A path may have been collected meanwhile.
    if (O.isSome(info)) {
      const json = toJson(ValidPathInfo, client.protocol, { path, info: info.value })
      await print(json._tag === 'Right' ? printJson(json.right, 0) : JSON.stringify(json.left))
    }
  }
}

// The reader may stop early: `| head`.
process.stdout.on('error', () => process.exit())

const clients = await Promise.all(Array.from({ length: connections }, connect))
const paths = (await clients[0]!.promises.queryAllValidPaths()).values()
await Promise.all(clients.map((client) => ask(client, paths)))
await Promise.all(clients.map((client) => client.close()))
