import type { FuzzStanding } from '../../fuzz/fuzz.js'
import { errorColours as pc } from '../colours.js'
import { showStatus, showsStatus, writeError } from '../terminal.js'

const width = 24

/** What ends a campaign. */
export interface Bounds {
  readonly runs: number
  readonly seconds: number
  readonly findings: number
}

const share = ({ runs, seconds, findings }: Bounds, standing: FuzzStanding): number =>
  Math.min(1, Math.max(standing.runs / runs, standing.seconds / seconds, standing.findings / findings))

/** The progress of a campaign in one line. */
export const showProgress = (bounds: Bounds, standing: FuzzStanding): string => {
  const { runs, seconds, findings } = standing
  const done = Math.round(share(bounds, standing) * width)
  const rate = Math.round(runs / Math.max(seconds, 0.001))
  return (
    `${pc.green('█'.repeat(done))}${pc.dim('░'.repeat(width - done))} ` +
    `${runs.toLocaleString('en')} runs, ${rate}/s, ` +
    `${Math.round(seconds)} s, ${findings === 0 ? 'nothing found' : pc.red(`${findings} found`)}`
  )
}

/** Shows the line on a terminal until it is stopped; elsewhere nothing. */
export const startProgress = (line: () => string): (() => void) => {
  const { draw, stop } = progressLine(line)
  draw()
  const timer = showsStatus() ? setInterval(draw, 200) : undefined
  return () => {
    clearInterval(timer)
    stop()
  }
}

/** The same for work that blocks the event loop; it draws the line itself. */
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
