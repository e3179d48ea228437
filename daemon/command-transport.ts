import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { CommandTarget, Transport, Unstarted } from './transport-types.js'
import { whyNoShell, whyUnstarted } from './unstarted.js'

// How long a program may take to end by itself, and then after a signal.
const patience = 1000
// A program whose output has ended only has to exit.
const patienceAtEnd = 10_000
const keptAside = 4096
const longestName = 100
// The exit codes of a shell that has found no program, or may not run it. Programs use them too.
const notStarted: ReadonlySet<string> = new Set(['126', '127'])

/**
 * Starts the program through shells. Node gives a child sockets for its streams; `nix-daemon --stdio` splices, which
 * works only with pipes. The shells keep none of the streams, so that the end of the program is the end of its output;
 * they write its exit status to 3.
 */
const throughPipes = `
  exec 4<&0
  cat <&4 3>&- | {
    exec 5<&0 6>&1
    "$@" <&5 >&6 3>&- 4<&- 5<&- 6>&- &
    exec <&- >&- 4<&- 5<&- 6>&-
    wait $!
    echo $? >&3
  } | cat 3>&- 4<&- &
  exec <&- >&- 3>&- 4<&-
  wait`

/** @internal */
export const commandTransport = (target: CommandTarget): Transport => {
  const { command, name = command[0], env, cwd } = target
  const child = spawn('/bin/sh', ['-c', throughPipes, 'sh', ...command], {
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    // In a process group of its own, so that all its processes can be ended.
    detached: true,
    ...(env === undefined ? {} : { env }),
    ...(cwd === undefined ? {} : { cwd }),
  })
  const title = name.length > longestName ? `${name.slice(0, longestName)}…` : name
  let aside = ''
  let code = ''
  let unstarted: Promise<Unstarted | null> = Promise.resolve(null)
  let why: Unstarted | null = null
  child.stderr.on('data', (chunk: Buffer) => {
    aside = `${aside}${chunk}`.slice(-keptAside)
  })
  const status = child.stdio[3] as Readable
  status.on('data', (chunk: Buffer) => {
    code += chunk.toString().trim()
  })
  const ended = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      unstarted = whyNoShell(title, error, target)
      resolve()
    })
    child.once('close', () => {
      unstarted = notStarted.has(code) ? whyUnstarted(title, target) : unstarted
      resolve()
    })
  })
  let closing: Promise<void> | null = null
  return {
    source: child.stdout,
    sink: child.stdin,
    close: () => {
      closing ??= endOf(child, ended, child.stdout.readableEnded ? patienceAtEnd : patience).then(
        async () => {
          why = await unstarted
        },
      )
      child.stdin.destroy()
      child.stdout.destroy()
      return closing
    },
    aside: () => aside.trim(),
    ending: () => (code === '' ? null : `${title} exited with code ${code}`),
    unstarted: () => why,
  }
}

/** A program ends when its input does; one that does not is ended. */
const endOf = async ({ pid }: ChildProcess, ended: Promise<void>, grace: number): Promise<void> => {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    const waiting = new AbortController()
    const late = sleep(signal === 'SIGTERM' ? grace : patience, true, { signal: waiting.signal }).catch(
      () => false,
    )
    const hangs = await Promise.race([ended.then(() => false), late])
    waiting.abort()
    if (!hangs || pid === undefined) {
      return
    }
    signalGroup(pid, signal)
  }
  await ended
}

const signalGroup = (pid: number, signal: 'SIGTERM' | 'SIGKILL'): void => {
  try {
    process.kill(-pid, signal)
  } catch {
    // All its processes have ended.
  }
}
