/** Ends the command with a message on stderr. Exit code 1: the data is wrong, or the disk is full; 2: the command line is wrong. */
export class Failure extends Error {
  readonly exitCode: 1 | 2

  constructor(exitCode: 1 | 2, message: string) {
    super(message)
    this.exitCode = exitCode
  }
}

// Errors that no other command line would avoid: the disk is full or broken, or a file has reached its limit.
const diskErrors: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'EIO'])

/** The exit code for an error of the system: most are about a path that does not suit the command. */
export const exitCodeOf = (error: unknown): 1 | 2 =>
  error instanceof Error && 'code' in error && diskErrors.has(error.code) ? 1 : 2
