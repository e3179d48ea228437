import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import type { Failure } from '../failure.js'
import { closedIssue } from '../issues.js'

/** A connection, as a pool sees it. */
export interface Seat {
  /** Resolves when it is over. */
  readonly closed: Promise<Failure>
  close(): Promise<void>
}

/** A call that needs a connection. */
export interface Guest<C> {
  /** Whether it needs one for itself. */
  readonly alone: boolean
  /** Called once, with an open connection. */
  readonly seated: (seat: Either<Failure, C>) => void
}

/** One connection: `client` is null while it opens. */
interface Member<C> {
  client: C | null
  /** The number of its calls, including those that wait until it is open. */
  shared: number
  /** The call that has it for itself, or will after the others have left. */
  holder: Guest<C> | null
  readonly waiting: Set<Guest<C>>
}

/**
 * Assigns connections: a call takes an idle connection; otherwise one more is opened, up to a number; otherwise calls
 * share the least used one, and a call that needs one for itself waits until the others have left it.
 */
export class Seats<C extends Seat> {
  readonly #open: () => Promise<Either<Failure, C>>
  readonly #most: number
  readonly #members = new Set<Member<C>>()
  readonly #queue = new Set<Guest<C>>()
  readonly #places = new Map<Guest<C>, Member<C>>()
  readonly #openings = new Set<Promise<void>>()
  /** The number of connections: fewer if the daemon has rejected one more. */
  #limit: number
  #over: Failure | null = null

  constructor(first: C, most: number, open: () => Promise<Either<Failure, C>>) {
    this.#open = open
    this.#most = most
    this.#limit = most
    const member = this.#join()
    void this.#opened(member, right(first))
  }

  /** The open connections. */
  get open(): ReadonlyArray<C> {
    return [...this.#members].flatMap(({ client }) => (client === null ? [] : [client]))
  }

  enter(guest: Guest<C>): void {
    if (this.#over !== null) {
      guest.seated(left(overBefore(this.#over)))
      return
    }
    if (!this.#place(guest)) {
      this.#queue.add(guest)
    }
  }

  /** The call is done, or needs no connection any more. */
  leave(guest: Guest<C>): void {
    this.#queue.delete(guest)
    const member = this.#places.get(guest)
    if (member === undefined) {
      return
    }
    this.#places.delete(guest)
    member.waiting.delete(guest)
    if (member.holder === guest) {
      member.holder = null
    } else {
      member.shared--
    }
    this.#settle(member)
    this.#admit()
  }

  /** Ends all, and the waiting calls; resolves when all are closed. */
  async end(reason: Failure): Promise<void> {
    this.#over ??= reason
    const waiting = [...this.#queue, ...[...this.#members].flatMap((member) => [...member.waiting])]
    this.#queue.clear()
    for (const guest of waiting) {
      this.#places.get(guest)?.waiting.delete(guest)
      guest.seated(left(overBefore(this.#over)))
    }
    await Promise.all([...this.open.map((client) => client.close()), ...this.#openings])
  }

  #join(): Member<C> {
    const member: Member<C> = { client: null, shared: 0, holder: null, waiting: new Set() }
    this.#members.add(member)
    return member
  }

  #place(guest: Guest<C>): boolean {
    const free = [...this.#members].filter(({ holder }) => holder === null)
    const member =
      free.find(({ shared }) => shared === 0) ??
      (this.#members.size < this.#limit ? this.#openOne() : leastBusy(free))
    if (member === undefined) {
      return false
    }
    if (guest.alone) {
      member.holder = guest
    } else {
      member.shared++
    }
    this.#places.set(guest, member)
    member.waiting.add(guest)
    this.#settle(member)
    return true
  }

  #openOne(): Member<C> {
    const member = this.#join()
    const opening = this.#open().then((opened) => this.#opened(member, opened))
    this.#openings.add(opening)
    void opening.finally(() => this.#openings.delete(opening))
    return member
  }

  async #opened(member: Member<C>, opened: Either<Failure, C>): Promise<void> {
    if (isLeft(opened)) {
      this.#members.delete(member)
      this.#limit = Math.max(1, this.#members.size)
      this.#moveAway(member, this.#members.size === 0 ? opened.left : null)
      return
    }
    const client = opened.right
    if (this.#over !== null) {
      await client.close()
      return
    }
    member.client = client
    void client.closed.then(() => {
      this.#members.delete(member)
      this.#limit = this.#most
      this.#moveAway(member, null)
    })
    this.#settle(member)
  }

  /** Calls that wait for a closed connection move to another one, if there is any. */
  #moveAway({ waiting }: Member<C>, failure: Failure | null): void {
    const guests = [...waiting]
    waiting.clear()
    for (const guest of guests) {
      this.#places.delete(guest)
      if (failure === null) {
        this.enter(guest)
      } else {
        guest.seated(left(failure))
      }
    }
    this.#admit()
  }

  #settle({ client, holder, shared, waiting }: Member<C>): void {
    if (client === null) {
      return
    }
    for (const guest of waiting) {
      if (guest !== holder || shared === 0) {
        waiting.delete(guest)
        guest.seated(right(client))
      }
    }
  }

  #admit(): void {
    for (const guest of this.#queue) {
      if (!this.#place(guest)) {
        return
      }
      this.#queue.delete(guest)
    }
  }
}

const leastBusy = <C>(members: ReadonlyArray<Member<C>>): Member<C> | undefined =>
  members.reduce<Member<C> | undefined>(
    (least, each) => (least === undefined || each.shared < least.shared ? each : least),
    undefined,
  )

const overBefore = (reason: Failure): Failure =>
  reason._tag === 'DaemonError' ? reason : closedIssue(reason)
