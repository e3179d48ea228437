import type { LogMessage, LogNext, LogResult, LogStartActivity, LogStopActivity } from '../grammar/logging.js'

/** A line of the daemon's log: a text for people, or an activity for progress displays. */
export type LogLine = LogNext | LogStartActivity | LogStopActivity | LogResult

/** A log line, and the name of its operation; null for the handshake. */
export interface LogEntry {
  readonly operation: string | null
  readonly message: LogLine
}

/** Is called with a log line. If it returns a promise, the connection is not read until that is settled. */
export type OnLog = (message: LogLine, operation: string | null) => void | Promise<void>

export const isLogLine = (message: LogMessage): message is LogLine => {
  switch (message._tag) {
    case 'Next':
    case 'StartActivity':
    case 'StopActivity':
    case 'Result':
      return true
    case 'Read':
    case 'Write':
    case 'Last':
    case 'Error':
      return false
  }
}

// How many entries a reader of the log may be behind before the connection waits for it.
const mostUnread = 1024

/** Log entries for one reader. */
class Feed implements AsyncIterableIterator<LogEntry> {
  readonly #entries: Array<LogEntry> = []
  readonly #left: (feed: Feed) => void
  #ended = false
  #wakeReader: () => void = () => undefined
  #wakeWriter: () => void = () => undefined

  constructor(left: (feed: Feed) => void) {
    this.#left = left
  }

  put(entry: LogEntry): void | Promise<void> {
    this.#entries.push(entry)
    this.#wakeReader()
    if (this.#entries.length >= mostUnread && !this.#ended) {
      return new Promise((resolve) => {
        this.#wakeWriter = resolve
      })
    }
  }

  end(): void {
    this.#ended = true
    this.#wakeReader()
    this.#wakeWriter()
  }

  async next(): Promise<IteratorResult<LogEntry, undefined>> {
    while (this.#entries.length === 0 && !this.#ended) {
      await new Promise<void>((resolve) => {
        this.#wakeReader = resolve
      })
    }
    const value = this.#entries.shift()
    if (this.#entries.length < mostUnread) {
      this.#wakeWriter()
    }
    return value === undefined ? { done: true, value } : { done: false, value }
  }

  async return(): Promise<IteratorResult<LogEntry, undefined>> {
    this.#entries.length = 0
    this.end()
    this.#left(this)
    return { done: true, value: undefined }
  }

  [Symbol.asyncIterator](): this {
    return this
  }
}

/** Passes log lines to all readers. */
export class LogHub {
  readonly #onLog: OnLog | undefined
  readonly #feeds = new Set<Feed>()
  #ended = false

  constructor(onLog: OnLog | undefined) {
    this.#onLog = onLog
  }

  /** Returns a promise if a reader is not ready for more, which resolves when all are. */
  deliver(message: LogLine, operation: string | null, onLog?: OnLog): void | Promise<void> {
    const waits: Array<Promise<void>> = []
    const add = (done: void | Promise<void>) => {
      if (done instanceof Promise) {
        waits.push(done)
      }
    }
    add(this.#onLog?.(message, operation))
    add(onLog?.(message, operation))
    for (const feed of this.#feeds) {
      add(feed.put({ operation, message }))
    }
    return waits.length === 0 ? undefined : Promise.all(waits).then(() => undefined)
  }

  /** The log from now on. */
  open(): AsyncIterableIterator<LogEntry> {
    const feed = new Feed((each) => this.#feeds.delete(each))
    if (this.#ended) {
      feed.end()
    } else {
      this.#feeds.add(feed)
    }
    return feed
  }

  end(): void {
    this.#ended = true
    for (const feed of this.#feeds) {
      feed.end()
    }
    this.#feeds.clear()
  }
}
