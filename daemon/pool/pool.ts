import { type Either, isLeft, isRight, left, right } from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { aborted, timedOut } from '../../conversation/line/interruption.js'
import { Stillness, timeOf } from '../../conversation/line/stillness.js'
import type { AnyOperation } from '../../grammar/operations/operation.js'
import type { OperationTable } from '../../grammar/operations/table.js'
import type { CallOptions, Client } from '../client-types.js'
import { Download } from '../download.js'
import type { Failure } from '../failure.js'
import { violation } from '../issues.js'
import { LogHub, type OnLog } from '../log.js'
import { methodIn } from '../promised.js'
import { type Guest, Seats } from './seats.js'

/** The options of a pool, besides those of each connection. */
export interface PooledOptions {
  readonly onLog: OnLog
  readonly signal: AbortSignal
}

export interface PoolOptions<T extends OperationTable> {
  readonly connections: number
  readonly connect: (options: PooledOptions) => TaskEither<Failure, Client<T>>
  readonly onLog: OnLog | undefined
  readonly timeout: number | undefined
  readonly signal: AbortSignal | undefined
}

/** One call: its operation, and the arguments and options of its method. */
export interface PooledCall {
  readonly operation: AnyOperation
  readonly given: ReadonlyArray<unknown>
  readonly options: CallOptions
}

interface Lease<C> {
  readonly client: C
  readonly leave: () => void
}

type Leased<C> = Either<Failure, Lease<C>>

/** Several connections to one daemon, and the calls on each of them. */
export class Pool<T extends OperationTable> {
  readonly log: LogHub
  readonly closed: Promise<Failure>
  readonly #options: PoolOptions<T>
  readonly #stillness = new Stillness()
  /** The connections that have received all settings. */
  readonly #ready = new Set<Client<T>>()
  readonly #opening = new Set<AbortController>()
  /** The last settings of each operation, by name; and how often settings were made. */
  readonly #set = new Map<string, PooledCall>()
  #changes = 0
  #seats: Seats<Client<T>> | null = null
  #over: Failure | null = null
  #close: (reason: Failure) => void = () => undefined

  constructor(options: PoolOptions<T>) {
    this.#options = options
    this.log = new LogHub(options.onLog)
    this.closed = new Promise((resolve) => {
      this.#close = resolve
    })
  }

  /** Opens the first connection; the others are opened when they are needed. */
  async begin(): Promise<Either<Failure, Client<T>>> {
    const first = await this.#connect(null)
    if (isRight(first)) {
      const { connections, signal } = this.#options
      this.#seats = new Seats(first.right, connections, () => this.#connect(first.right))
      const abort = () => void this.end(aborted(signal?.reason, 0, 'an abort'))
      signal?.addEventListener('abort', abort, { once: true })
      void this.closed.then(() => signal?.removeEventListener('abort', abort))
      if (signal?.aborted === true) {
        abort()
      }
    }
    return first
  }

  call(call: PooledCall): Promise<Either<Failure, unknown>> {
    const { operation, options } = call
    const alone = operation.connection === 'own' || operation.streams.length > 0
    const leased = this.#lease(alone, options)
    return leased instanceof Promise
      ? leased.then((each) => (isLeft(each) ? each : this.#run(call, each.right)))
      : isLeft(leased)
        ? Promise.resolve(leased)
        : this.#run(call, leased.right)
  }

  #run(call: PooledCall, { client, leave }: Lease<Client<T>>): Promise<Either<Failure, unknown>> {
    const { operation, given } = call
    return methodIn(
      client,
      operation,
    )(...given)().then((result) => {
      if (isRight(result) && result.right instanceof Download) {
        return right(this.#held(result.right, leave))
      }
      leave()
      if (isRight(result) && operation.connection === 'each') {
        this.#setOnOthers(call, client)
      }
      return result
    })
  }

  async end(reason: Failure): Promise<void> {
    this.#over ??= reason
    const ended = this.#seats?.end(this.#over)
    for (const controller of this.#opening) {
      controller.abort()
    }
    await ended
    this.log.end()
    this.#close(this.#over)
  }

  /** A connection for one call; a promise if it has to be awaited. */
  #lease(alone: boolean, options: CallOptions): Leased<Client<T>> | Promise<Leased<Client<T>>> {
    if (options.signal?.aborted === true) {
      return left(abortedBy(options.signal))
    }
    let leased: Leased<Client<T>> | null = null
    let seated = (seat: Leased<Client<T>>): void => {
      leased = seat
    }
    const leave = () => {
      this.#seats?.leave(guest)
      this.#stillness.moved()
    }
    const guest: Guest<Client<T>> = {
      alone,
      seated: (seat) => seated(isLeft(seat) ? seat : right({ client: seat.right, leave })),
    }
    this.#seats?.enter(guest)
    return (
      leased ??
      this.#waited(
        (resolve) => {
          seated = resolve
        },
        leave,
        options,
      )
    )
  }

  /** The result of `listen`, if it comes before this side gives up. */
  #waited<A>(
    listen: (told: (given: Either<Failure, A>) => void) => void,
    leave: () => void,
    { signal, timeout }: CallOptions,
  ): Promise<Either<Failure, A>> {
    const limit = timeOf('timeout', timeout ?? this.#options.timeout ?? 0)
    return new Promise((resolve) => {
      const settle = (given: Either<Failure, A>) => {
        signal?.removeEventListener('abort', abort)
        unwatch()
        resolve(given)
      }
      const giveUp = (reason: Failure) => {
        leave()
        settle(left(reason))
      }
      const abort = () => giveUp(abortedBy(signal))
      const unwatch = this.#stillness.watch(
        limit,
        () => true,
        () => giveUp(timedOut(limit, 0, waitsInVain)),
      )
      signal?.addEventListener('abort', abort, { once: true })
      listen(settle)
    })
  }

  async #connect(first: Client<T> | null): Promise<Either<Failure, Client<T>>> {
    const { connect, signal } = this.#options
    const controller = new AbortController()
    const onLog: OnLog = (message, operation) => {
      this.#stillness.moved()
      return this.log.deliver(message, operation)
    }
    this.#opening.add(controller)
    const signals = signal === undefined ? [controller.signal] : [controller.signal, signal]
    const connected = await connect({ onLog, signal: AbortSignal.any(signals) })()
    const ready = isLeft(connected) ? connected : await this.#readied(connected.right, first)
    this.#opening.delete(controller)
    this.#stillness.moved()
    return ready
  }

  /** Sends the settings of the others to a connection. */
  async #readied(client: Client<T>, first: Client<T> | null): Promise<Either<Failure, Client<T>>> {
    const other = first === null ? null : difference(first, client)
    let failure: Failure | null = other
    for (let told = 0; failure === null && told < this.#changes; ) {
      told = this.#changes
      for (const { operation, given } of this.#set.values()) {
        const set = await methodIn(client, operation)(...given)()
        failure ??= isLeft(set) ? set.left : null
      }
    }
    if (failure !== null) {
      await client.close()
      return left(failure)
    }
    this.#ready.add(client)
    void client.closed.then(() => this.#ready.delete(client))
    return right(client)
  }

  /**
   * Sends settings to the other connections, before their later calls. One that rejects what another accepted is
   * dropped: the next call opens another.
   */
  #setOnOthers({ operation, given, options }: PooledCall, client: Client<T>): void {
    const asked = given.filter((each) => each !== options)
    this.#set.set(operation.name, { operation, given: asked, options: {} })
    this.#changes++
    for (const each of this.#ready) {
      if (each !== client) {
        void this.#setOn(each, operation, asked)
      }
    }
  }

  async #setOn(client: Client<T>, operation: AnyOperation, given: ReadonlyArray<unknown>): Promise<void> {
    if (isLeft(await methodIn(client, operation)(...given)())) {
      await client.close()
    }
  }

  /** A download that gives its connection back at its end. */
  #held(download: Download, leave: () => void): Download {
    const next = async (): Promise<Uint8Array | null> => {
      try {
        const { done, value } = await download.next()
        this.#stillness.moved()
        if (done !== true) {
          return value
        }
      } catch (thrown) {
        leave()
        throw thrown
      }
      leave()
      return null
    }
    return new Download({ next })
  }
}

const waitsInVain = ', waiting for a connection: are there downloads that are not read to their end?'

const abortedBy = (signal: AbortSignal | undefined): Failure => aborted(signal?.reason, 0)

/**
 * How a new connection differs from the others. A daemon that was replaced meanwhile may have another version, in which
 * values of the old one cannot be encoded.
 */
const difference = <T extends OperationTable>(first: Client<T>, client: Client<T>): Failure | null => {
  const [expected, actual] = [first, client].map(({ protocol: { version, features } }) =>
    [`version ${version}`, ...[...features].sort()].join(', '),
  ) as [string, string]
  return expected === actual
    ? null
    : violation(`${expected}, as on the first connection`, actual, { offset: 0, grammar: 'connection' })
}
