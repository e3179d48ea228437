import type { BrokenSession, MadeSession } from '../../interpreters/conversations/index.js'
import type { OutputFolder } from '../output-folder.js'
import { jsonText } from '../visible.js'

/** Writes two files for each session, and an index that describes them. */
export class SessionFiles {
  readonly #folder: OutputFolder
  readonly #sessions: Array<object> = []

  constructor(folder: OutputFolder) {
    this.#folder = folder
  }

  /** `more` is what the index says of it besides. */
  made(session: MadeSession, more: object = {}): Promise<void> {
    return this.#files(session, { ...describeMade(session), ...more })
  }

  broken(session: BrokenSession): Promise<void> {
    return this.#files(session, describeBroken(session))
  }

  /** Writes the index. */
  close(about: object): Promise<void> {
    const index = { ...about, sessions: this.#sessions }
    return this.#folder.write('index.json', `${jsonText(index, 1)}\n`)
  }

  async #files(session: Pick<MadeSession, 'client' | 'server'>, what: object): Promise<void> {
    const name = String(this.#sessions.length).padStart(6, '0')
    const files = { client: `${name}.client.bin`, server: `${name}.server.bin` }
    await this.#folder.write(files.client, session.client)
    await this.#folder.write(files.server, session.server)
    this.#sessions.push({ ...files, ...what })
  }
}

const describeMade = ({ events }: MadeSession): object => ({
  operations: events.flatMap((event) =>
    event.kind === 'turn' && event.is === 'over' && event.chosen !== null
      ? [{ name: event.chosen, how: event.how === 'again' ? 'failed' : event.how }]
      : [],
  ),
  end: events.find((event) => event.kind === 'end')?.how,
})

const describeBroken = ({ rule, key, turn, side, at, issue }: BrokenSession): object => ({
  rule,
  word: key,
  // Counts from 0; null in the handshake.
  operation: turn?.number ?? null,
  side,
  at,
  issue,
})
