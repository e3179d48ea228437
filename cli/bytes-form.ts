import type { Command } from 'commander'
import type { Form } from '../bytes/forms.js'
import { Failure } from './failure.js'
import { chunksOf, readAll } from './files.js'
import { showName } from './nar/show.js'
import { isTerminal, write } from './terminal.js'

/** The values of `--hex` and `--base64`. */
export interface FormOptions {
  readonly hex?: true
  readonly base64?: true
}

const formOf = ({ hex, base64 }: FormOptions): Form => {
  if (hex === true && base64 === true) {
    throw new Failure(2, '--hex and --base64 exclude each other')
  }
  return hex === true ? 'hex' : base64 === true ? 'base64' : 'bytes'
}

export const withInputForm = (command: Command): Command =>
  command
    .option('--hex', 'the input is hex digits, or what xxd or hexdump -C prints')
    .option('--base64', 'the input is base64')

export const withOutputForm = (command: Command): Command =>
  command
    .option('--hex', 'write hex digits, one line for each message')
    .option('--base64', 'the same in base64')

/** The bytes of a file or of standard input, which may be written as text. */
export const bytesOfFile = (file: string, options: FormOptions): AsyncGenerator<Uint8Array, void> => {
  const form = formOf(options)
  return form === 'bytes' ? chunksOf(file) : bytesOfText(file, form)
}

async function* bytesOfText(file: string, form: Form): AsyncGenerator<Uint8Array, void> {
  const { read } = await import('../bytes/forms.js')
  const found = read(await readAll(file), form)
  if (found._tag === 'Unreadable') {
    throw new Failure(1, `${showName(file)} is not ${form}: ${found.problem}`)
  }
  yield found.bytes
}

/** Writes messages to standard output. A terminal gets messages only as text. */
export const messageWriter = (options: FormOptions): ((message: Uint8Array) => Promise<void>) => {
  const form = formOf(options)
  if (form !== 'bytes') {
    return (message) => write(`${Buffer.from(message).toString(form)}\n`)
  }
  if (isTerminal()) {
    throw new Failure(2, 'messages are binary: redirect the output, pipe it on, or use --hex')
  }
  return write
}
