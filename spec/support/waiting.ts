import { readFileSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { setImmediate, setTimeout } from 'node:timers/promises'
import { expect } from 'chai'
import { lateModules } from './late-modules.js'

// Far more than anything here needs, on a busy processor too: it only ends a test that would hang.
export const longest = 240_000
const pause = 5

/** The real time, also while the clock of a test stands in for it. */
const now: () => number = performance.now.bind(performance)

/** Waits until a condition holds. */
export const until = async (
  condition: () => boolean | Promise<boolean>,
  what = String(condition),
): Promise<void> => {
  for (const start = now(); !(await condition()); await setTimeout(pause)) {
    if (now() - start > longest) {
      throw new Error(`it did not come to this: ${what}`)
    }
  }
}

/** Waits until a value equals the expected one; if it never does, both are shown. */
export const becomes = async <A>(read: () => A | Promise<A>, expected: A): Promise<void> => {
  const isThere = async (): Promise<boolean> => {
    try {
      expect(await read()).to.deep.equal(expected)
      return true
    } catch {
      return false
    }
  }
  await until(isThere).catch(() => undefined)
  expect(await read()).to.deep.equal(expected)
}

/** Tries again until it does not throw. */
export const eventually = async <A>(attempt: () => Promise<A>): Promise<A> => {
  const start = now()
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (now() - start > longest) {
        throw error
      }
      await setTimeout(pause)
    }
  }
}

/**
 * Lets the event loop turn, and pending disk operations and modules finish: by then this process has done all it can do by itself,
 * however long that takes.
 */
export const turns = async (count = 50): Promise<void> => {
  await lateModules()
  for (let i = 0; i < count; i++) {
    await stat('.')
    await setImmediate()
  }
}

// A conversation of a few messages takes some tens of turns.
const mostTurns = 200_000

/**
 * The result of a promise; rejects if it does not settle although the event loop has turned many times. Only for
 * promises that depend on this process alone, and on no disk: these have then had enough time, however busy the machine
 * is.
 */
export const settledSoon = async <A>(promise: Promise<A>, what: string): Promise<A> => {
  let isSettled = false
  const note = () => {
    isSettled = true
  }
  promise.then(note, note)
  await lateModules()
  for (let turn = 0; !isSettled; turn++) {
    if (turn === mostTurns) {
      throw new Error(`${what} hangs`)
    }
    await setImmediate()
  }
  return promise
}

/** Waits until a number that this process changes stays the same, and returns it. */
export const settled = async (read: () => number): Promise<number> => {
  for (;;) {
    const before = read()
    await turns()
    if (read() === before) {
      return before
    }
  }
}

/** Whether a process is waiting. */
const sleeps = (pid: number): boolean => {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
  return text[text.lastIndexOf(')') + 2] === 'S'
}

/**
 * The same for a number that another process changes: it begins to grow, and then stays the same while that process is
 * repeatedly seen waiting.
 */
export const settledBy = async (pid: number, read: () => number): Promise<number> => {
  let before = 0
  for (let quiet = 0; quiet < 50; await setTimeout(pause)) {
    const now = read()
    quiet = now > 0 && now === before && sleeps(pid) ? quiet + 1 : 0
    before = now
  }
  return before
}
