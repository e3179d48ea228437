/** How many questions may be under way at a time. */
export const mostAhead = 64

/**
 * The answers to questions in their order, while the next ones are under way already. Throws what the first of them fails
 * with, whichever failed before.
 */
export async function* ahead<A, B>(
  items: ReadonlyArray<A>,
  ask: (item: A) => Promise<B>,
): AsyncGenerator<readonly [item: A, answer: B], void> {
  const begun: Array<Promise<B>> = []
  for (let at = 0, next = 0; at < items.length; at++) {
    for (; next < items.length && next < at + mostAhead; next++) {
      const answer = ask(items[next]!)
      // It is waited for in its turn.
      answer.catch(() => undefined)
      begun.push(answer)
    }
    yield [items[at]!, await begun.shift()!]
  }
}
