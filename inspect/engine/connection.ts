import type { Added, Api } from './api.js'
import type { Answer, Question } from './worker.js'
import EngineWorker from './worker.js?worker&inline'

interface Waiting {
  readonly question: Question
  readonly resolve: (result: never) => void
  readonly reject: (error: Error) => void
}

/** The questions that are independent of the loaded input, so that a new worker is asked again. */
const lasting: ReadonlySet<keyof Api> = new Set(['types', 'addModule', 'encode', 'editable', 'edited'])

const isLasting = ({ question: { method } }: Waiting): boolean => lasting.has(method)

/** Details are texts to hand out: those of the earlier input are still right. */
const isOfView = (waiting: Waiting): boolean => !isLasting(waiting) && waiting.question.method !== 'details'

/**
 * The connection to the library in its worker. Loading another input ends a reading that is still going on, and
 * supersedes the questions about the one before: a late answer would change what is shown now.
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
    if (method === 'load') {
      if (this.#loading > 0) {
        this.#restart()
      } else {
        this.#abandon(new Superseded(), isOfView)
      }
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
    this.#abandon(new Superseded(), (waiting) => !isLasting(waiting))
    this.#worker = this.#start()
    for (const [name, source] of this.#modules) {
      this.#worker.postMessage({ id: this.#next++, method: 'addModule', args: [name, source] })
    }
    for (const { question } of this.#waiting.values()) {
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
