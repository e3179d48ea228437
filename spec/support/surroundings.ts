import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { Readable, Writable } from 'node:stream'
import tty from 'node:tty'

/** The environment of a command. */
export interface Surroundings {
  readonly stdin: Uint8Array
  /** More variables; an `undefined` one is removed. */
  readonly env: NodeJS.ProcessEnv
  /** Whether the two outputs are a terminal. */
  readonly terminal?: boolean
}

/** The outputs of a command. */
export interface Outputs {
  readonly stdout: Buffer
  readonly stderr: Buffer
}

// The size of a chunk from a pipe.
const piece = 65_536

function* piecesOf(bytes: Uint8Array): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += piece) {
    yield Buffer.from(bytes.subarray(at, at + piece))
  }
}

const keeping = (kept: Array<Buffer>): Writable =>
  new Writable({
    write: (chunk: Buffer, _, done) => {
      kept.push(Buffer.from(chunk))
      done()
    },
  })

/** What the system reports for a pipe, or for a terminal. */
const statsOf = (isTerminal: boolean) =>
  ({ isFile: () => false, isFIFO: () => !isTerminal, isCharacterDevice: () => isTerminal }) as fs.Stats

/** Changes a property; the result restores it. */
const replace = <T extends object>(owner: T, name: keyof T & string, value: unknown): (() => void) => {
  const before = Object.getOwnPropertyDescriptor(owner, name)
  Object.defineProperty(owner, name, { configurable: true, enumerable: true, writable: true, value })
  return () => {
    if (before !== undefined) {
      Object.defineProperty(owner, name, before)
    }
  }
}

/** The three standard streams, as descriptors and as streams. */
const replaceStreams = (
  { stdin, terminal = false }: Surroundings,
  stdout: Array<Buffer>,
  stderr: Array<Buffer>,
) => {
  const { fstatSync, writevSync } = fs
  const keptAt = new Map([
    [1, stdout],
    [2, stderr],
  ])
  return [
    replace(process, 'stdin', Readable.from(piecesOf(stdin), { objectMode: false })),
    replace(process, 'stdout', keeping(stdout)),
    replace(process, 'stderr', keeping(stderr)),
    replace(tty, 'isatty', (fd: number) => terminal && keptAt.has(fd)),
    replace(fs, 'fstatSync', (fd: number, ...more: []) =>
      fd <= 2 ? statsOf(terminal && keptAt.has(fd)) : fstatSync(fd, ...more),
    ),
    replace(fs, 'writevSync', (fd: number, chunks: ReadonlyArray<Uint8Array>, position?: number) => {
      const kept = keptAt.get(fd)
      if (kept === undefined) {
        return writevSync(fd, chunks, position)
      }
      const bytes = Buffer.concat(chunks)
      kept.push(bytes)
      return bytes.length
    }),
  ]
}

const replaceEnvironment = (env: NodeJS.ProcessEnv) =>
  Object.entries(env).map(([name, value]) => {
    const before = process.env[name]
    set(name, value)
    return () => set(name, before)
  })

const set = (name: string, value: string | undefined): void => {
  if (value === undefined) {
    delete process.env[name]
  } else {
    process.env[name] = value
  }
}

const refuseToExit = (code: unknown): never => {
  throw new Error(`it ends the process, with ${code}: start one for it`)
}

/** Runs a function of the command in this process, with standard streams and an environment of its own. */
export const surroundedBy = async <A>(
  surroundings: Surroundings,
  command: () => Promise<A>,
): Promise<Outputs & { readonly result: A }> => {
  const stdout: Array<Buffer> = []
  const stderr: Array<Buffer> = []
  const back = [
    ...replaceStreams(surroundings, stdout, stderr),
    ...replaceEnvironment(surroundings.env),
    replace(process, 'exit', refuseToExit),
  ]
  syncBuiltinESMExports()
  try {
    const result = await command()
    return { result, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr) }
  } finally {
    for (const undo of back.reverse()) {
      undo()
    }
    syncBuiltinESMExports()
  }
}
