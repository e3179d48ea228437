import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { listenAt } from '../../daemon/sockets.js'
import type { Ending, Known } from './case.js'

/** A client to be tested. It is run once for each case, and connects to a server. */
export interface ClientUnderTest {
  /**
   * Runs it to its end; `serve` handles each connection that it makes. An abort of the signal ends it at once.
   */
  run(serve: (stream: Duplex) => void, known: Known, signal: AbortSignal): Promise<Ending>
}

/** The program of the client cannot be started. */
export class NoClient extends Error {}

export interface ProgramOptions {
  /** `{}` in its arguments stands for the socket, `{path}` for a path that the server has. */
  readonly command: readonly [program: string, ...args: ReadonlyArray<string>]
  /** Where the server listens. Default: a socket in a folder that is removed. */
  readonly listen?: string
}

const keptWords = 4096

/** A program that connects to the socket in its arguments or in `NIX_REMOTE`. */
export const programClient = ({ command, listen }: ProgramOptions): ClientUnderTest => ({
  run: async (serve, known, signal) => {
    const folder = listen === undefined ? await mkdtemp(join(tmpdir(), 'nix-wire-')) : null
    const socket = listen ?? join(folder ?? '', 'socket')
    // A client that has ended its side may still be reading.
    const server = createServer({ allowHalfOpen: true }, (stream) => {
      stream.on('error', () => undefined)
      serve(stream)
    })
    try {
      await listenAt(server, socket)
      return await ran(command, socket, known, signal)
    } finally {
      server.close()
      if (folder !== null) {
        await rm(folder, { recursive: true, force: true })
      }
    }
  },
})

const ran = async (
  [program, ...args]: ProgramOptions['command'],
  socket: string,
  { path, storeDir }: Known,
  signal: AbortSignal,
): Promise<Ending> => {
  const filled = args.map((each) => each.replaceAll('{}', () => socket).replaceAll('{path}', () => path))
  const child = spawn(program, filled, {
    stdio: ['ignore', 'ignore', 'pipe'],
    // In a process group of its own, so that all its processes can be ended.
    detached: true,
    env: {
      ...process.env,
      NIX_REMOTE: `unix://${socket}`,
      NIX_STORE_DIR: storeDir,
      NIX_WIRE_SOCKET: socket,
      NIX_WIRE_PATH: path,
    },
  })
  const end = () => endGroup(child)
  signal.addEventListener('abort', end)
  if (signal.aborted) {
    end()
  }
  try {
    return await endingOf(child, program)
  } finally {
    signal.removeEventListener('abort', end)
    // Processes that it left running would go on using the connection.
    end()
  }
}

const endingOf = (child: ChildProcess, program: string): Promise<Ending> =>
  new Promise((resolve, reject) => {
    let said = ''
    child.stderr?.on('data', (chunk: Buffer) => {
      said = `${said}${chunk}`.slice(-keptWords)
    })
    child.once('error', (error) => reject(new NoClient(`cannot start ${program}: ${error.message}`)))
    child.once('exit', (code, by) => {
      // Its last output may still be on the way, but processes that it left running may keep the stream open.
      setImmediate(() => resolve({ code, signal: by, said: said.trim() }))
    })
  })

const endGroup = ({ pid }: ChildProcess): void => {
  try {
    if (pid !== undefined) {
      process.kill(-pid, 'SIGKILL')
    }
  } catch {
    // The process has ended.
  }
}
