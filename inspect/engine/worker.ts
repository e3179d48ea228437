import type { Api } from './api.js'
import { Engine } from './engine.js'

/** A question and its number, which is also that of the answer. */
export interface Question {
  readonly id: number
  readonly method: keyof Api
  readonly args: Parameters<Api[keyof Api]>
}

export type Answer = { readonly id: number } & ({ readonly result: unknown } | { readonly failure: string })

const engine: Api = new Engine()

const answer = async ({ id, method, args }: Question): Promise<Answer> => {
  try {
    // The union of all questions loses the link between a method and its arguments.
    const ask = engine[method].bind(engine) as (...args: ReadonlyArray<unknown>) => unknown
    return { id, result: await ask(...args) }
  } catch (error) {
    return { id, failure: error instanceof Error ? error.message : String(error) }
  }
}

// One after another, since an input may need a module that was added before. Long work runs outside this queue.
let last: Promise<unknown> = Promise.resolve()

globalThis.addEventListener('message', ({ data }: MessageEvent<Question>) => {
  last = last.then(() => {
    const answered = answer(data).then((found) => postMessage(found))
    return data.method === 'find' ? undefined : answered
  })
})
