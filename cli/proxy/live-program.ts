import { fromNullable, none } from 'fp-ts/lib/Option.js'
import type { OperationTable } from '../../grammar/operations/table.js'
import { SessionDecoder } from '../../session/decoder.js'
import type { Side } from '../../session/events.js'
import { isServeStream, ServeSession } from '../../session/serve/serve-session.js'
import { serveText } from '../session/serve-text.js'
import { eventText, issueText } from '../session-text.js'
import { writeError } from '../terminal.js'

type Text = (side: Side, bytes: Uint8Array | null) => ReadonlyArray<string>

/** Prints on standard error what passes through a program, whichever protocol it is. */
export class LiveProgram {
  readonly #storeDir: { readonly storeDir?: string }
  readonly #operations: { readonly operations?: OperationTable }
  #text: Text | null = null
  /** What the server said before the client did. */
  #early: Array<Uint8Array | null> = []

  constructor(storeDir: string | undefined, operations: OperationTable | undefined) {
    this.#operations = operations === undefined ? {} : { operations }
    this.#storeDir = storeDir === undefined ? {} : { storeDir }
  }

  take(side: Side, bytes: Uint8Array | null): void {
    if (this.#text === null && side === 'server') {
      this.#early.push(bytes?.slice() ?? null)
      return
    }
    this.#text ??= bytes !== null && isServeStream(side, bytes) ? this.#serve() : this.#worker()
    this.#print(side, bytes)
    for (const early of this.#early.splice(0)) {
      this.#print('server', early)
    }
  }

  #print(side: Side, bytes: Uint8Array | null): void {
    for (const text of this.#text?.(side, bytes) ?? []) {
      writeError(`${text}\n`)
    }
  }

  #serve(): Text {
    const session = new ServeSession(this.#storeDir)
    return (side, bytes) =>
      (bytes === null ? session.end(side) : session.push(side, bytes)).map((event) => {
        if (event.kind !== 'issue') {
          return serveText(event, false)
        }
        const excerpt = { bytes: new Uint8Array(0), start: 0 }
        return issueText({ ...event, during: fromNullable(event.during), guess: none, excerpt })
      })
  }

  #worker(): Text {
    const session = new SessionDecoder({ progress: true, ...this.#storeDir, ...this.#operations })
    return (side, bytes) =>
      (bytes === null ? session.end(side) : session.push(side, bytes)).map((event) => eventText(event, false))
  }
}
