import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A server that handles each connection differently, for as long as the test runs. */
export const listening = async (
  onSocket: (socket: Socket) => void,
): Promise<readonly [string, () => Promise<void>]> => {
  const dir = mkdtempSync(join(tmpdir(), 'nix-wire-'))
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    onSocket(socket)
  })
  await new Promise<void>((resolve) => server.listen(join(dir, 's'), resolve))
  const stop = async () => {
    for (const socket of sockets) {
      socket.destroy()
    }
    await new Promise((resolve) => server.close(resolve))
    rmSync(dir, { recursive: true })
  }
  return [join(dir, 's'), stop]
}
