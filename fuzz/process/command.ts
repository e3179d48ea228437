import { quoteWord } from '../../bytes/shell-word.js'
/** A program and its arguments, or a command line for the shell. */
export type Command = string | ReadonlyArray<string>

/** What to start: a program and its arguments, without a shell if the line needs none. */
export interface Invocation {
  readonly program: string
  readonly words: ReadonlyArray<string>
}

// Words without special characters for any shell; with `=`, a first word would be an assignment.
const plain = /^[\w%+:,./@-]+( +[\w%+=:,./@-]+)*$/

// Words that a shell interprets itself.
const ownOfShell =
  /^(\.|:|cd|eval|exec|exit|export|set|shift|source|trap|type|ulimit|umask|unset|wait|if|for|while|until|case|then|else|do|done|fi|esac)( |$)/

/** The words of a line that needs no shell; null if it needs one. */
export const wordsOf = (command: Command): ReadonlyArray<string> | null => {
  if (typeof command !== 'string') {
    return command
  }
  const line = command.trim()
  return plain.test(line) && !ownOfShell.test(line) ? line.split(/ +/) : null
}

/** A command as a line for a shell. */
export const lineOf = (command: Command): string =>
  typeof command === 'string' ? command : command.map(quoteWord).join(' ')

/** Sets the memory limit for the programs of a shell, in MiB. */
export const memoryLimit = (megabytes: number): string => `ulimit -v ${megabytes * 1024}`

/** How a command is started, with a memory limit in MiB if one is given. */
export const invocationOf = (command: Command, memory?: number): Invocation => {
  const words = wordsOf(command)
  const limit = memory === undefined ? '' : `${memoryLimit(memory)} && `
  if (words === null) {
    return { program: '/bin/sh', words: ['-c', `${limit}{ ${lineOf(command)}\n}`] }
  }
  const [program = '', ...rest] = words
  return memory === undefined
    ? { program, words: rest }
    : { program: '/bin/sh', words: ['-c', `${limit}exec "$@"`, 'sh', program, ...rest] }
}

/** @throws TypeError for an invalid command. */
export const expectCommand = (what: string, value: unknown): void => {
  const isLine = typeof value === 'string' && value.trim() !== ''
  const isWords =
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((each) => typeof each === 'string') &&
    value[0] !== ''
  if (!isLine && !isWords) {
    throw new TypeError(`${what} must be a command line, or a program and its arguments in an array`)
  }
}
