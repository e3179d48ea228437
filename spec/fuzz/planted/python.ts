import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { outcomeOf } from '../../../fuzz/adapter/messages.js'
import type { FuzzOutcome } from '../../../fuzz/index.js'
import { parseJson } from '../../../interpreters/json/index.js'
import { rightOf } from '../../support/either.js'
import { projectPath } from '../../support/shared.js'

export const script = projectPath('spec/fuzz/planted/decoders.py')

/** The results of decoders for messages. */
export interface Compared {
  /** For each message, the result of the correct decoder. */
  readonly right: ReadonlyArray<FuzzOutcome>
  /** For each fault the results that differ, with the number of the message. */
  readonly others: ReadonlyArray<ReadonlyArray<readonly [message: number, outcome: FuzzOutcome]>>
}

type Fields = { readonly [key: string]: unknown }

const outcomeIn = (fields: Fields): FuzzOutcome =>
  'crashes' in fields
    ? { _tag: 'crashes', how: `throws ${String(fields.crashes)}`, stderr: '' }
    : rightOf(outcomeOf({ id: 0, fields }, 'decode'))

/** One process that tries messages on many decoders. */
export class PythonDecoders {
  readonly #child = spawn('python3', [script, '--all'], { stdio: ['pipe', 'pipe', 'inherit'] })
  readonly #lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]()

  async compare(
    type: string,
    faults: ReadonlyArray<string>,
    messages: ReadonlyArray<Uint8Array>,
  ): Promise<Compared> {
    const texts = messages.map((bytes) => Buffer.from(bytes).toString('base64'))
    this.#child.stdin.write(`${JSON.stringify({ type, faults, messages: texts })}\n`)
    const { value, done } = await this.#lines.next()
    if (done === true) {
      throw new Error('the decoders in Python have ended')
    }
    const { right, others } = rightOf(parseJson(value, 'last')) as unknown as {
      readonly right: ReadonlyArray<Fields>
      readonly others: ReadonlyArray<ReadonlyArray<readonly [bigint, Fields]>>
    }
    return {
      right: right.map(outcomeIn),
      others: others.map((of) => of.map(([i, fields]) => [Number(i), outcomeIn(fields)] as const)),
    }
  }

  end(): void {
    this.#child.stdin.end()
  }
}
