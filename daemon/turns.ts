import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'

/** One after another, in the order they came. */
export class Turns {
  #last: Promise<void> = Promise.resolve()

  /**
   * Waits for its turn; what it resolves to ends the turn. Left if it is given up before that: `watch` begins to look
   * for reasons, and what it returns ends that.
   */
  async take<E>(watch: (giveUp: (reason: E) => void) => () => void): Promise<Either<E, () => void>> {
    let end: () => void = () => undefined
    const before = this.#last
    const over = new Promise<void>((resolve) => {
      end = resolve
    })
    this.#last = before.then(() => over)
    let unwatch: () => void = () => undefined
    const early = new Promise<Either<E, never>>((resolve) => {
      unwatch = watch((reason) => resolve(left(reason)))
    })
    const turn = await Promise.race([early, before.then(() => right(end))])
    unwatch()
    if (isLeft(turn)) {
      end()
    }
    return turn
  }
}
