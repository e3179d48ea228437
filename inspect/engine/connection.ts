import type { Added, Api } from './api.js'
import type { Answer, Question } from './worker.js'
import EngineWorker from './worker.js?worker&inline'

interface Waiting {
  readonly question: Question
  readonly resolve: (result: never) => void
  readonly reject: (error: Error) => void
}

/** Whether a question is independent of the loaded input, so that a new worker is asked again. */
const isLasting = ({ method }: Question): boolean => method === 'types' || method === 'addModule'

/**
 * The connection to the library in its worker. Loading another input ends a reading that is still going on.
 */
export class Connection {
  #worker = this.#start()
  #waiting = new Map<number, Waiting>()
  #next = 0
  /** The modules that a new worker has to load first. */
  readonly #modules = new Map<string, string>()
  #loading = 0

  ask<Method extends keyof Api>(
    method: Method,
    ...args: Parameters<Api[Method]>
  ): Promise<Awaited<ReturnType<Api[Method]>>> {
    if (method === 'load' && this.#loading > 0) {
      this.#restart()
    }
    this.#loading += method === 'load' ? 1 : 0
    const question = { id: this.#next++, method, args }
    const answered = new Promise<Awaited<ReturnType<Api[Method]>>>((resolve, reject) => {
      this.#waiting.set(question.id, { question, resolve, reject })
      this.#worker.postMessage(question)
    })
    return method === 'load'
      ? answered.finally(() => {
          this.#loading--
        })
      : answered
  }

  /** Adds a module, to this worker and to later ones. */
  async addModule(name: string, source: string): Promise<Added> {
    const added = await this.ask('addModule', name, source)
    if (added._tag === 'Added') {
      this.#modules.set(name, source)
    }
    return added
  }

  #start(): Worker {
    const worker = new EngineWorker()
    worker.addEventListener('message', ({ data }: MessageEvent<Answer>) => {
      const waiting = this.#waiting.get(data.id)
      this.#waiting.delete(data.id)
      if ('failure' in data) {
        waiting?.reject(new Error(data.failure))
      } else {
        waiting?.resolve(data.result as never)
      }
    })
    worker.addEventListener('error', ({ message }) => {
      this.#abandon(new Error(message))
    })
    return worker
  }

  /** Ends the current work, and forgets the input. */
  stop(): void {
    this.#restart()
  }

  #restart(): void {
    this.#worker.terminate()
    const lasting = [...this.#waiting.values()].filter(({ question }) => isLasting(question))
    this.#abandon(new Superseded(), ({ question }) => !isLasting(question))
    this.#worker = this.#start()
    for (const [name, source] of this.#modules) {
      this.#worker.postMessage({ id: this.#next++, method: 'addModule', args: [name, source] })
    }
    for (const { question } of lasting) {
      this.#worker.postMessage(question)
    }
  }

  #abandon(error: Error, which: (waiting: Waiting) => boolean = () => true): void {
    for (const [id, waiting] of this.#waiting) {
      if (which(waiting)) {
        this.#waiting.delete(id)
        waiting.reject(error)
      }
    }
  }
}

/** The question was about an input that has been replaced. */
export class Superseded extends Error {}
