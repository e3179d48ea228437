import { Socket } from 'node:net'
import { after } from '../../bytes/after.js'
import type { Side } from '../../session/events.js'
import { now } from '../now.js'
import { connectedTo } from '../sockets.js'
import { isConnectError } from '../unreachable.js'
import type { ProxiedConnection, RecordingProxyOptions } from './options.js'
import { End, pass } from './passage.js'
import { told } from './places.js'
import type { Recording } from './recorder.js'
import { ConnectionRecorder } from './sinks.js'
import type { View, Views } from './views.js'

// A client sends its magic, which the daemon answers with its own and a version; then the client sends its version.
const magicSize = 8
const helloSize = 16

interface Options extends RecordingProxyOptions {
  /** Infinity for no limit. */
  readonly handshakeTimeout: number
}

/** One client, its daemon, and the recording of both. */
export class Connection implements ProxiedConnection {
  readonly name: string
  readonly files: ReadonlyArray<string>
  readonly closed: Promise<void>
  readonly #options: Options
  readonly #client: Socket
  readonly #over = new AbortController()
  readonly #view: View | null
  readonly #recorder: ConnectionRecorder
  /** The number of bytes of each side; Infinity after its end. */
  readonly #said: { [S in Side]: number } = { client: 0, server: 0 }
  #onBytes: RecordingProxyOptions['onBytes']
  #server: Socket | null = null
  #aborted = false
  #stopped = false

  constructor(client: Socket, options: Options, views: Views, recording: Recording) {
    this.name = recording.name
    const { storeDir } = options.session ?? {}
    this.#recorder = new ConnectionRecorder(
      { ...recording, ...(storeDir === undefined ? {} : { storeDir }) },
      (error) => this.#report(error),
    )
    this.files = this.#recorder.files
    this.#options = options
    this.#onBytes = options.onBytes
    this.#client = client
    // Until it is forwarded; the `close` that follows reports the failure.
    client.on('error', () => undefined)
    const { onEvent, onPending, onQuiet } = options
    this.#view =
      onEvent === undefined
        ? null
        : views.open({
            onEvent: (event, time) => onEvent(event, this, time),
            onPending: (pending) => onPending?.(pending, this),
            ...(onQuiet === undefined ? {} : { onQuiet: (pending) => onQuiet(pending, this) }),
            onFailure: (error) => this.#report(error),
          })
    this.closed = this.#run()
  }

  get lost(): ProxiedConnection['lost'] {
    return this.#recorder.lost
  }

  /** Breaks off both sides; `stopped` if the connection would have gone on. */
  abort(stopped = false): Promise<void> {
    this.#aborted = true
    this.#stopped ||= stopped
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
    return pass(from, to, this.#recorder.sides[side], {
      onBytes: (bytes) => {
        this.#said[side] += bytes.length
        this.#view?.push(side, bytes, now())
        this.#tell(side, bytes)
      },
      onEnd: (left) => {
        const how = this.#stopped && left === 'brokeOff' ? 'stopped' : left
        this.#said[side] = Number.POSITIVE_INFINITY
        this.#recorder.end(side, how)
        this.#view?.push(side, how, now())
        this.#tell(side, null)
      },
    })
  }

  /** A listener that throws gets no more events. */
  #tell(side: Side, bytes: Uint8Array | null): void {
    try {
      this.#onBytes?.(side, bytes, this)
    } catch (error) {
      this.#onBytes = undefined
      this.#report(error instanceof Error ? error : new Error(String(error)))
    }
  }

  /** Breaks the connection off if the client delays the handshake. The result ends the watch. */
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
