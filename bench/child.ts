import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/**
 * Runs a file of this folder in a process of its own; its last message is the result, strings are progress.
 */
export const inChild = <A>(
  file: string,
  args: readonly string[],
  flags: readonly string[],
  onProgress: (text: string) => void,
): Promise<A> =>
  new Promise((resolve, reject) => {
    let result: A | undefined
    const child = fork(fileURLToPath(new URL(file, import.meta.url)), args, {
      execArgv: ['--expose-gc', '--import', 'tsx', ...flags],
      serialization: 'advanced',
    })
    child.on('message', (message) => {
      if (typeof message === 'string') {
        onProgress(message)
      } else {
        result = message as A
        child.disconnect()
      }
    })
    child.on('error', reject)
    child.on('exit', (code, signal) => {
      if (code === 0 && result !== undefined) {
        resolve(result)
      } else {
        reject(new Error(`${file} ${args.join(' ')} ended with ${signal ?? code}`))
      }
    })
  })
