// Asks a daemon for the infos of paths, and prints the size of each archive. It is JavaScript, since translating
// TypeScript would be measured too.
import { readFileSync, writeSync } from 'node:fs'
import { connect as open } from 'node:net'

const [socket, storeDir, way] = process.argv.slice(2)
const paths = readFileSync(0, 'utf8').split('\n')

const oneByOne = async () => {
  const { promises } = await import('../../dist/node/daemon/index.js')
  const client = await promises.connect(socket, { storeDir })
  const sizes = []
  for (const path of paths) {
    const info = await client.promises.queryPathInfo({ path })
    sizes.push(info.value.narSize)
  }
  await client.close()
  return sizes
}

const pipelined = async () => {
  const { NixReader, NixWriter } = await import('../../dist/node/stream/index.js')
  const G = await import('../../dist/node/grammar/index.js')
  const connection = open(socket)
  const protocol = { version: '1.34', storeDir }
  const reader = new NixReader(connection, { protocol }).promises
  const writer = new NixWriter(connection, { protocol }).promises
  const logEnd = async () => {
    for (let _tag = ''; _tag !== 'Last'; ) {
      ;({ _tag } = await reader.readValue(G.LogMessage))
    }
  }

  await writer.writeValue(G.ClientHello, { version: '1.34' })
  await writer.flush()
  await reader.readValue(G.ServerHello)
  await writer.writeValue(G.CpuAffinityFlag, 0)
  await writer.writeValue(G.ReserveSpace, 0)
  await writer.flush()
  await reader.readValue(G.ClientHandshakeInfo)
  await logEnd()

  const { id, request, reply } = G.operations.QueryPathInfo
  const written = (async () => {
    for (const path of paths) {
      await writer.writeValue(G.Int, id)
      await writer.writeValue(request, { path })
    }
    await writer.flush()
  })()
  const sizes = []
  for (const _ of paths) {
    await logEnd()
    const info = await reader.readValue(reply)
    sizes.push(info.value.narSize)
  }
  await written
  connection.destroy()
  return sizes
}

const sizes = await (way === 'pipelined' ? pipelined() : oneByOne())
writeSync(1, `${sizes.join('\n')}\n`)
