import { open } from 'node:fs/promises'
import { Command } from 'commander'
import { excerptStart } from '../../interpreters/explain.js'
import { SessionDecoder } from '../../session/decoder.js'
import type { IssueEvent, SessionEvent, Side } from '../../session/events.js'
import { eventJson } from '../../session/json.js'
import { treePathOf } from '../../stream/nar/tree-path.js'
import { Failure } from '../failure.js'
import { cannotRead } from '../files.js'
import { eventText, issueText } from '../session-text.js'
import { write } from '../terminal.js'
import { jsonText } from '../visible.js'

interface Options {
  readonly json?: true
  readonly full?: true
  readonly storeDir?: string
}

export const sessionCommand = (): Command =>
  new Command('session')
    .summary('explain a recorded connection')
    .description(
      'Reads both streams of a recorded connection and prints the conversation: the handshake, and each\n' +
        'operation with its request, log, uploads and downloads, and reply or error. What breaks a rule and does\n' +
        'not lose the place is told, and shown as it came.',
    )
    .argument('<client>', 'what the client sent')
    .argument('<server>', 'what the daemon sent')
    .option('-j, --json', 'one line of JSON for the handshake, each operation, each issue, and the end')
    .option('-F, --full', 'fold nothing')
    .option('-s, --store-dir <dir>', 'store directory of both sides (default: what the traffic shows)')
    .addHelpText(
      'after',
      `
Examples:
  $ nix-wire session build.client.bin build.server.bin
  $ nix-wire session build.client.bin build.server.bin --json | jq -r 'select(.kind == "operation").name'

\`nix-wire proxy\` makes such recordings.

Exit codes: 0 done; 1 a stream breaks the protocol, and where is on stderr; 2 the command line is wrong.`,
    )
    .action(session)

// So many issues are told with the bytes around; one that is fatal always is.
const mostTold = 10

const session = async (client: string, server: string, options: Options): Promise<void> => {
  const files = await openBoth(client, server)
  const told: Array<IssueEvent> = []
  let others = 0
  try {
    for await (const event of events(files, options)) {
      if (event.kind === 'issue') {
        const isTold = told.length < mostTold || event.fatal
        others += isTold ? 0 : 1
        if (isTold) {
          told.push(event)
        }
      }
      if (event.kind === 'end') {
        others += event.issuesOmitted ?? 0
      }
      if (options.json === true) {
        await write(`${jsonText(eventJson(event))}\n`)
      } else if (event.kind !== 'issue') {
        await write(`${shown(event, options)}\n`)
      }
    }
    if (told.length > 0) {
      const texts = await Promise.all(
        told.map(async (event) => issueText(event, await files[event.side].around(event.issue.offset))),
      )
      const more = others > 0 ? [`and ${others} more ${others === 1 ? 'issue' : 'issues'}`] : []
      throw new Failure(1, [...texts, ...more].join('\nnix-wire: '))
    }
  } finally {
    await files.client.close()
    await files.server.close()
  }
}

/** Blocks stand apart. */
const shown = (event: SessionEvent, { full }: Options): string =>
  `${eventText(event, full === true)}${event.kind === 'end' ? '' : '\n'}`

type Recordings = { readonly [S in Side]: Recording }

const openBoth = async (client: string, server: string): Promise<Recordings> => {
  const first = await Recording.open(client)
  try {
    return { client: first, server: await Recording.open(server) }
  } catch (error) {
    await first.close()
    throw error
  }
}

/** Reads each side when its turn comes, so that little is held. */
async function* events(files: Recordings, { storeDir }: Options): AsyncGenerator<SessionEvent, void> {
  const decoder = decoderFor(storeDir)
  while (!files.client.ended || !files.server.ended) {
    const side = nextSide(decoder, files)
    const bytes = await files[side].next()
    yield* bytes === null ? decoder.end(side) : decoder.push(side, bytes)
  }
}

const decoderFor = (storeDir: string | undefined): SessionDecoder => {
  try {
    return new SessionDecoder(storeDir === undefined ? {} : { storeDir })
  } catch (error) {
    throw new Failure(2, error instanceof Error ? error.message : String(error))
  }
}

const nextSide = (decoder: SessionDecoder, { client, server }: Recordings): Side => {
  const isServers = decoder.wants('server') && !decoder.wants('client')
  return client.ended || (isServers && !server.ended) ? 'server' : 'client'
}

const chunkSize = 65536

/** A file that is read in pieces, and looked into again where something is wrong. */
class Recording {
  ended = false
  readonly #path: string
  readonly #file: Awaited<ReturnType<typeof open>>
  readonly #buffer = new Uint8Array(chunkSize)

  private constructor(path: string, file: Awaited<ReturnType<typeof open>>) {
    this.#path = path
    this.#file = file
  }

  static async open(path: string): Promise<Recording> {
    try {
      return new Recording(path, await open(treePathOf(path), 'r'))
    } catch (error) {
      throw cannotRead(path, error)
    }
  }

  /** The next piece, good until the one after it; null at the end. */
  async next(): Promise<Uint8Array | null> {
    try {
      const { bytesRead } = await this.#file.read(this.#buffer, 0, chunkSize, null)
      this.ended = bytesRead === 0
      return this.ended ? null : this.#buffer.subarray(0, bytesRead)
    } catch (error) {
      throw cannotRead(this.#path, error)
    }
  }

  /** The bytes around an offset; none of what cannot be read twice, as a pipe. */
  async around(offset: number): Promise<{ readonly bytes: Uint8Array; readonly start: number }> {
    const start = excerptStart(offset)
    const bytes = new Uint8Array(64)
    try {
      const { bytesRead } = await this.#file.read(bytes, 0, bytes.length, start)
      return { bytes: bytes.subarray(0, bytesRead), start }
    } catch {
      return { bytes: new Uint8Array(0), start }
    }
  }

  async close(): Promise<void> {
    await this.#file.close()
  }
}
