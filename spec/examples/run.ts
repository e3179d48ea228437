import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { countProcess } from '../support/one-process.js'
import { projectPath } from '../support/shared.js'

/** Starts an example as its reader would, but on the sources: its imports of `nix-wire` need no build. */
export const startExample = (
  example: string,
  ...args: ReadonlyArray<string>
): ChildProcessWithoutNullStreams => {
  countProcess()
  return spawn(process.execPath, ['--import', 'tsx', projectPath('examples', example), ...args], {
    cwd: projectPath(),
    env: { ...process.env, TSX_TSCONFIG_PATH: projectPath('examples', 'tsconfig.json') },
  })
}

/** The output of an example; throws if it fails. */
export const runExample = async (example: string, ...args: ReadonlyArray<string>): Promise<string> => {
  const child = startExample(example, ...args)
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  const [code] = await once(child, 'close')
  if (code !== 0 || stderr !== '') {
    throw new Error(`${example} ended with ${code}: ${stderr}`)
  }
  return stdout
}

/** An example that keeps running: the first line it prints, and how to end it. */
export interface Running {
  readonly line: string
  readonly pid: number
  stop(): Promise<void>
}

export const startServer = async (example: string, ...args: ReadonlyArray<string>): Promise<Running> => {
  const child = startExample(example, ...args)
  let said = ''
  child.stderr.on('data', (chunk) => {
    said += chunk
  })
  const closed = once(child, 'close')
  const [line] = await Promise.race([
    once(createInterface(child.stdout), 'line') as Promise<[string]>,
    closed.then(() => {
      throw new Error(`${example} ended: ${said}`)
    }),
  ])
  return {
    line,
    pid: child.pid!,
    stop: async () => {
      child.kill()
      await closed
    },
  }
}
