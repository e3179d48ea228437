import { errorColours as pc } from '../colours.js'
import { showStatus, showsStatus, writeError } from '../terminal.js'

const width = 24

/** What ends a campaign. */
export interface Bounds {
  readonly runs: number
  readonly seconds: number
  readonly findings: number
}

/** How far it is. */
export interface Progress {
  readonly runs: number
  readonly elapsed: number
  readonly findings: ReadonlyArray<unknown>
}

const share = ({ runs, seconds, findings }: Bounds, standing: Progress): number =>
  Math.min(1, Math.max(standing.runs / runs, standing.elapsed / seconds, standing.findings.length / findings))

/** One line that says how far a campaign is. */
export const showProgress = (options: Bounds, standing: Progress): string => {
  const done = Math.round(share(options, standing) * width)
  const rate = Math.round(standing.runs / Math.max(standing.elapsed, 0.001))
  const found = standing.findings.length
  return (
    `${pc.green('█'.repeat(done))}${pc.dim('░'.repeat(width - done))} ` +
    `${standing.runs.toLocaleString('en')} runs, ${rate}/s, ` +
    `${Math.round(standing.elapsed)} s, ${found === 0 ? 'nothing found' : pc.red(`${found} found`)}`
  )
}

/** Shows the line on a terminal until it is told to stop; elsewhere nothing. */
export const startProgress = (line: () => string): (() => void) => {
  const { draw, stop } = progressLine(line)
  draw()
  const timer = showsStatus() ? setInterval(draw, 200) : undefined
  return () => {
    clearInterval(timer)
    stop()
  }
}

/** The same for what keeps the event loop busy, and draws it by itself. */
export const progressLine = (line: () => string) => {
  const draw = (): void => {
    if (showsStatus()) {
      showStatus(line())
    }
  }
  const stop = (): void => {
    if (showsStatus()) {
      draw()
      writeError('\n')
    }
  }
  return { draw, stop }
}
