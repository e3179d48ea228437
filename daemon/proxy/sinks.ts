import type { Side } from '../../session/events.js'
import { MessageSlicer } from '../../session/recording/messages.js'
import { RecordingWriter } from '../../session/recording/recording-writer.js'
import type { Ending } from '../../session/recording/step.js'
import { now } from '../now.js'
import { Recorder, type Recording } from './recorder.js'

/** Where the traffic of a connection is recorded. */
interface Sink {
  /** Called when there is room again. */
  onCaughtUp: () => void
  readonly isBehind: boolean
  /** How many bytes of each side are missing in its file; known after it is closed. */
  readonly lost: { readonly [S in Side]: number }
  write(side: Side, chunk: Uint8Array): void
  /** A side has ended. */
  end(side: Side, how: Ending): void
  /** Nothing more comes from a side. */
  close(side: Side): Promise<void>
}

/** The bytes of each side, in a file of their own. */
class ByteSink implements Sink {
  onCaughtUp: () => void = () => undefined
  readonly lost = { client: 0, server: 0 }
  readonly #recorders: { readonly [S in Side]: Recorder }

  constructor({ client, server }: NonNullable<Recording['bin']>, onFailure: (error: Error) => void) {
    this.#recorders = { client: new Recorder(client, onFailure), server: new Recorder(server, onFailure) }
    for (const recorder of Object.values(this.#recorders)) {
      recorder.onCaughtUp = () => this.onCaughtUp()
    }
  }

  get isBehind(): boolean {
    return this.#recorders.client.isBehind || this.#recorders.server.isBehind
  }

  write(side: Side, chunk: Uint8Array): void {
    this.#recorders[side].write([chunk], () => {
      this.lost[side] += chunk.length
    })
  }

  end(): void {}

  close(side: Side): Promise<void> {
    return this.#recorders[side].close()
  }
}

/** Both sides in one pcapng file, with their times. */
class CaptureSink implements Sink {
  readonly lost = { client: 0, server: 0 }
  readonly #recorder: Recorder
  readonly #writer: RecordingWriter
  readonly #slicer: MessageSlicer
  #open = 2
  #onClosed: () => void = () => undefined
  readonly #closed = new Promise<void>((resolve) => {
    this.#onClosed = resolve
  })

  constructor(
    { name, storeDir }: Recording & { readonly storeDir?: string },
    file: NonNullable<Recording['pcapng']>,
    onFailure: (error: Error) => void,
  ) {
    this.#recorder = new Recorder(file, onFailure)
    this.#slicer = new MessageSlicer(0, storeDir)
    this.#writer = new RecordingWriter(name)
    this.#recorder.write([this.#writer.start()], () => undefined)
  }

  set onCaughtUp(act: () => void) {
    this.#recorder.onCaughtUp = act
  }

  get isBehind(): boolean {
    return this.#recorder.isBehind
  }

  write(side: Side, chunk: Uint8Array): void {
    const at = now()
    for (const { bytes, about } of this.#slicer.push(side, chunk, at)) {
      this.#recorder.write(this.#writer.pieces(side, bytes, at, about), () => {
        this.lost[side] += bytes.length
      })
    }
  }

  end(side: Side, how: Ending): void {
    this.#recorder.write([this.#writer.end(side, how, now())], () => undefined)
  }

  close(): Promise<void> {
    this.#open--
    if (this.#open === 0) {
      this.#recorder.close().then(this.#onClosed)
    }
    return this.#closed
  }
}

/** The bytes of a side, for all its files. */
export interface SideRecorder {
  onCaughtUp: () => void
  readonly isBehind: boolean
  write(chunk: Uint8Array): void
  close(): Promise<void>
}

/** All files of a connection; none if nothing is recorded. */
export class ConnectionRecorder {
  /** Their paths: the pcapng file, then those of the client and the daemon. */
  readonly files: ReadonlyArray<string>
  readonly sides: { readonly [S in Side]: SideRecorder }
  readonly #sinks: ReadonlyArray<Sink>

  /** Without a store directory, it is found in the traffic. */
  constructor(recording: Recording & { readonly storeDir?: string }, onFailure: (error: Error) => void) {
    const { pcapng, bin } = recording
    this.files = [pcapng, bin?.client, bin?.server].flatMap((file) => (file == null ? [] : [file.path]))
    this.#sinks = [
      ...(pcapng === null ? [] : [new CaptureSink(recording, pcapng, onFailure)]),
      ...(bin === null ? [] : [new ByteSink(bin, onFailure)]),
    ]
    this.sides = { client: this.#side('client'), server: this.#side('server') }
    for (const sink of this.#sinks) {
      sink.onCaughtUp = () => {
        this.sides.client.onCaughtUp()
        this.sides.server.onCaughtUp()
      }
    }
  }

  get lost(): { readonly [S in Side]: number } {
    const most = (side: Side): number => this.#sinks.reduce((sum, { lost }) => Math.max(sum, lost[side]), 0)
    return { client: most('client'), server: most('server') }
  }

  end(side: Side, how: Ending): void {
    for (const sink of this.#sinks) {
      sink.end(side, how)
    }
  }

  #side(side: Side): SideRecorder {
    const sinks = this.#sinks
    return {
      onCaughtUp: () => undefined,
      get isBehind() {
        return sinks.some(({ isBehind }) => isBehind)
      },
      write: (chunk) => {
        for (const sink of sinks) {
          sink.write(side, chunk)
        }
      },
      close: async () => {
        await Promise.all(sinks.map((sink) => sink.close(side)))
      },
    }
  }
}
