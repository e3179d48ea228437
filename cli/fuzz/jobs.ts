import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { FuzzStanding } from '../../fuzz/fuzz.js'
import { Failure } from '../failure.js'
import { mergeReports, readReport } from './merge.js'
import type { Recorded } from './record.js'
import { type Shard, showShard, subShard } from './shard.js'

const main = (): string =>
  fileURLToPath(
    new URL(import.meta.url.endsWith('.ts') ? '../main.ts' : '../../cli/main.js', import.meta.url),
  )

export interface JobsOptions {
  /** The words of the command, without those that each job has for itself. */
  readonly words: ReadonlyArray<string>
  readonly jobs: number
  readonly shard: Shard
  readonly findings: number
  readonly signal: AbortSignal
  readonly onProgress: (standing: FuzzStanding) => void
}

interface Job {
  readonly child: ChildProcess
  readonly dir: string
  standing: FuzzStanding
}

/** Divides a run among several processes, and merges their reports. */
export const runJobs = async (options: JobsOptions): Promise<Recorded> => {
  const { jobs, shard, findings, signal } = options
  const dir = mkdtempSync(join(tmpdir(), 'nix-wire-fuzz-'))
  try {
    const all = Array.from({ length: jobs }, (_, i) => startJob(options, i, join(dir, String(i))))
    // A job stops and reports its findings when its input ends.
    const stop = (): void => {
      for (const { child } of all) {
        child.stdin?.end()
      }
    }
    signal.addEventListener('abort', stop)
    const watched = all.map((job) =>
      ended(job, () => {
        options.onProgress({
          runs: all.reduce((sum, { standing }) => sum + standing.runs, 0),
          findings: all.reduce((sum, { standing }) => sum + standing.findings, 0),
          seconds: all.reduce((most, { standing }) => Math.max(most, standing.seconds), 0),
        })
      }),
    )
    const told = await Promise.all(watched).finally(stop)
    signal.removeEventListener('abort', stop)
    const failed = told.find(({ code }) => code !== 0 && code !== 1)
    if (failed !== undefined) {
      throw new Failure(2, failed.stderr.replace(/^nix-wire: /, '').trim())
    }
    return mergeReports(
      all.map((job) => readReport(job.dir)),
      showShard(shard),
      findings,
    )
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

const startJob = ({ words, jobs, shard }: JobsOptions, i: number, dir: string): Job => {
  const own = ['--job', '--jobs', '1', '--shard', showShard(subShard(shard, i, jobs)), '--out', dir]
  // In a process group of its own: a signal of the terminal reaches only this process, which tells the jobs.
  const child = spawn(process.execPath, [...process.execArgv, main(), 'fuzz', ...own, ...words], {
    detached: true,
    stdio: 'pipe',
  })
  child.stdin.on('error', () => {})
  return { child, dir, standing: { runs: 0, findings: 0, seconds: 0 } }
}

const ended = (
  job: Job,
  onProgress: () => void,
): Promise<{ readonly code: number | null; readonly stderr: string }> =>
  new Promise((resolve, reject) => {
    const { child } = job
    let stderr = ''
    child.stderr?.on('data', (chunk: Buffer) => {
      stderr = (stderr + chunk.toString()).slice(-2000)
    })
    createInterface({ input: child.stdout! }).on('line', (line) => {
      job.standing = JSON.parse(line) as FuzzStanding
      onProgress()
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stderr }))
  })
