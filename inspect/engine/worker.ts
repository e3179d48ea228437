import type { Api } from './api.js'
import { Engine } from './engine.js'

/** A question and its number, which the answer has too. */
export interface Question {
  readonly id: number
  readonly method: keyof Api
  readonly args: Parameters<Api[keyof Api]>
}

export type Answer = { readonly id: number } & ({ readonly result: unknown } | { readonly failure: string })

const engine: Api = new Engine()

const answer = async ({ id, method, args }: Question): Promise<Answer> => {
  try {
    // A question's arguments are those of its method; the union of all questions forgets it.
    const ask = engine[method].bind(engine) as (...args: ReadonlyArray<unknown>) => unknown
    return { id, result: await ask(...args) }
  } catch (error) {
    return { id, failure: error instanceof Error ? error.message : String(error) }
  }
}

// One after another: what is read may need a module that was added before. What takes long on purpose holds nothing up.
let last: Promise<unknown> = Promise.resolve()

globalThis.addEventListener('message', ({ data }: MessageEvent<Question>) => {
  last = last.then(() => {
    const answered = answer(data).then((found) => postMessage(found))
    return data.method === 'find' ? undefined : answered
  })
})
