/** The functions that the modules under `.doc-examples/` call while they run, one module at a time. */
import { format } from 'node:util'
import { expect } from 'chai'

let current = 0
let output: string[] = []

/** The block whose opening fence is at this line starts here. */
export const begin = (line: number): void => {
  current = line
}

export const same = (actual: unknown, expected: unknown): void => {
  expect(actual).to.deep.equal(expected)
}

/** The output of console.log since the last call. */
export const printed = (expected: string): void => {
  const lines = output.join('\n').split('\n')
  output = []
  expect(lines.map((line) => line.trimEnd()).join('\n')).to.equal(expected)
}

export interface Outcome {
  /** The block that ran last; 0 if the module's imports failed. */
  readonly line: number
  readonly failure: { readonly error: unknown } | undefined
}

/** Runs the blocks of a module, until one fails. */
export const run = async (url: string): Promise<Outcome> => {
  const { log } = console
  current = 0
  output = []
  console.log = (...values: ReadonlyArray<unknown>) => {
    output.push(format(...values))
  }
  try {
    await import(url)
    return { line: current, failure: undefined }
  } catch (error) {
    return { line: current, failure: { error } }
  } finally {
    console.log = log
  }
}
