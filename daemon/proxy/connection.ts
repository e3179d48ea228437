import { Socket } from 'node:net'
import type { Side } from '../../session/events.js'
import { connectedTo } from '../sockets.js'
import { after } from '../stillness.js'
import { isConnectError } from '../unreachable.js'
import type { ProxiedConnection, RecordingProxyOptions } from './options.js'
import { End, pass } from './passage.js'
import { told } from './places.js'
import { Recorder, type Recording, type RecordingFiles } from './recorder.js'
import type { View, Views } from './views.js'

// A magic, which the daemon answers with its own and a version; then the version of the client.
const magicSize = 8
const helloSize = 16

interface Options extends RecordingProxyOptions {
  /** Infinity for no limit. */
  readonly handshakeTimeout: number
}

/** One client, the daemon it talks to, and what is recorded of them. */
export class Connection implements ProxiedConnection {
  readonly name: string
  readonly files: RecordingFiles
  readonly closed: Promise<void>
  readonly #options: Options
  readonly #client: Socket
  readonly #over = new AbortController()
  readonly #view: View | null
  readonly #recorders: { readonly [S in Side]: Recorder }
  /** How many bytes each side has said; Infinity where it says no more. */
  readonly #said: { [S in Side]: number } = { client: 0, server: 0 }
  #server: Socket | null = null
  #aborted = false

  constructor(client: Socket, options: Options, views: Views, recording: Recording) {
    this.name = recording.name
    this.files = recording.files
    this.#options = options
    this.#client = client
    // Until it is passed on; what failed is told by the `close` that follows.
    client.on('error', () => undefined)
    const { onEvent } = options
    this.#view =
      onEvent === undefined
        ? null
        : views.open({
            onEvent: (event) => onEvent(event, this),
            onFailure: (error) => this.#report(error),
          })
    const recorderOf = (side: Side): Recorder =>
      new Recorder(this.files[side], recording.descriptors[side], (error) => this.#report(error))
    this.#recorders = { client: recorderOf('client'), server: recorderOf('server') }
    this.closed = this.#run()
  }

  get lost(): ProxiedConnection['lost'] {
    return { client: this.#recorders.client.lost, server: this.#recorders.server.lost }
  }

  /** Breaks off both sides. */
  abort(): Promise<void> {
    this.#aborted = true
    this.#over.abort()
    if (this.#server !== null) {
      this.#server.destroy()
      this.#client.destroy()
    }
    return this.closed
  }

  async #run(): Promise<void> {
    const { handshakeTimeout, to } = this.#options
    const taken = after(handshakeTimeout, () => this.#over.abort())
    const connected = await connectedTo(to, this.#over.signal, { allowHalfOpen: true })
    taken()
    const isThere = connected instanceof Socket
    this.#server = isThere ? connected : new Socket({ allowHalfOpen: true })
    const greeted = isThere ? this.#expectHello(handshakeTimeout) : () => undefined
    const ends = { client: new End(this.#client), server: new End(this.#server) }
    const passing = Promise.all([
      this.#pass('client', ends.client, ends.server),
      this.#pass('server', ends.server, ends.client),
    ])
    this.#server.once('error', (error) => this.#report(isConnectError(error) ? told(error, to) : error))
    if (this.#aborted) {
      void this.abort()
    } else if (!isThere) {
      this.#server.destroy(connected)
    }
    await passing
    greeted()
    await this.#view?.caughtUp()
  }

  #pass(side: Side, from: End, to: End): Promise<void> {
    return pass(from, to, this.#recorders[side], {
      onBytes: (bytes) => {
        this.#said[side] += bytes.length
        this.#view?.push(side, bytes)
      },
      onEnd: () => {
        this.#said[side] = Number.POSITIVE_INFINITY
        this.#view?.push(side, null)
      },
    })
  }

  /** Breaks the connection off if it is the client that holds up the handshake. What it returns ends the watch. */
  #expectHello(timeout: number): () => void {
    let stop: () => void = () => undefined
    const start = (): void => {
      stop = after(timeout, () => {
        const { client, server } = this.#said
        if (client < magicSize || (client < helloSize && server >= helloSize)) {
          this.#report(new Error(`the client said no hello for ${timeout} ms`))
          void this.abort()
        } else if (client < helloSize) {
          start()
        }
      })
    }
    start()
    return () => stop()
  }

  #report(error: Error): void {
    this.#options.onFailure?.(error, this)
  }
}
