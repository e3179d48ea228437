/** Ends the command with a message on stderr. Exit code 1: the data is wrong; 2: the command line is. */
export class Failure extends Error {
  readonly exitCode: 1 | 2

  constructor(exitCode: 1 | 2, message: string) {
    super(message)
    this.exitCode = exitCode
  }
}
