import { errorColours as pc } from '../colours.js'
import { showStatus, showsStatus, writeError } from '../terminal.js'
import type { CampaignOptions, Standing } from './campaign.js'

const width = 24

const share = ({ runs, seconds, findings }: CampaignOptions, standing: Standing): number =>
  Math.min(1, Math.max(standing.runs / runs, standing.elapsed / seconds, standing.findings.length / findings))

/** One line that says how far a campaign is. */
export const showProgress = (options: CampaignOptions, standing: Standing): string => {
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
  if (!showsStatus()) {
    return () => {}
  }
  const draw = (): void => {
    showStatus(line())
  }
  draw()
  const timer = setInterval(draw, 200)
  return () => {
    clearInterval(timer)
    draw()
    writeError('\n')
  }
}
