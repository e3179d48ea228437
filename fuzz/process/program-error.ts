/** A program cannot be started, or breaks the adapter protocol. It is not an answer to any input. */
export class ProgramError extends Error {
  override readonly name = 'ProgramError'
}
