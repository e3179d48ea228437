/** A program cannot be started, or does not speak as it must: that is no answer to any input. */
export class ProgramError extends Error {
  override readonly name = 'ProgramError'
}
