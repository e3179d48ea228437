import pc from 'picocolors'

// The library's own guess counts a build server as a terminal.
const coloured = (stream: NodeJS.WriteStream): boolean =>
  (process.env.FORCE_COLOR ?? '') !== '' || (stream.isTTY === true && (process.env.NO_COLOR ?? '') === '')

/** Colours for standard output: on a terminal, unless NO_COLOR is set; elsewhere only with FORCE_COLOR. */
export const colours = pc.createColors(coloured(process.stdout))

/** The same for standard error. */
export const errorColours = pc.createColors(coloured(process.stderr))
