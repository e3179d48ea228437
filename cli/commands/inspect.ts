import { Command } from 'commander'
import { nixDefaults } from '../../types/nix-protocol.js'
import { Failure } from '../failure.js'
import { readAll } from '../files.js'
import { openBrowser } from '../inspect/open-browser.js'
import { pageFile, type ServedFile, servePage } from '../inspect/serve.js'
import { dirFollowed, ownOf } from '../modules/own.js'
import { showName } from '../nar/show.js'
import { portArgument } from '../numbers.js'
import { grammarAmong, type ProtocolOptions, protocolOf, withProtocolOptions } from '../protocol-options.js'
import { untilSignal } from '../signalled.js'
import { isTerminal, say, write } from '../terminal.js'

interface Options extends ProtocolOptions {
  readonly type?: string
  readonly port: number
  readonly open: boolean
}

export const inspectCommand = (): Command =>
  withProtocolOptions(
    new Command('inspect').option('-t, --type <type>', 'the type of the bytes, as for `nix-wire decode`'),
  )
    .summary('look at bytes and their fields in a browser')
    .description(
      'Shows a message, or both sides of a recorded connection, in a browser: bytes and fields side by side.\n' +
        'The page is served on this machine only, under a secret path; nothing leaves the machine.\n' +
        'A --module must be one JavaScript file, since the page has no compiler.\n' +
        'Ends on SIGINT, SIGTERM or SIGHUP.',
    )
    .argument(
      '[file]',
      'a message, a recording with times, or a file with the bytes of the client; - for standard input',
    )
    .argument('[server]', 'a file with the bytes of the daemon')
    .option('--port <n>', 'port to serve it on', portArgument, 0)
    .option('--no-open', 'only print the address; a browser is opened from a terminal only')
    .addHelpText(
      'after',
      `
Examples:
  $ nix-wire inspect
  $ nix-wire inspect reply.bin --type ValidPathInfo --protocol 1.37
  $ nix-wire inspect recordings/build.pcapng
  $ nix-wire inspect order.bin --module ./kitchen.js
  $ nix-wire inspect recordings/build.client.bin recordings/build.server.bin

The page is one file that works without a server too: ${pageFile}

Exit codes: 0 ended by a signal; 2 the command line is wrong, or a file or the port cannot be used.`,
    )
    .action(inspect)

const inspect = async (
  file: string | undefined,
  server: string | undefined,
  options: Options,
): Promise<void> => {
  const isSession = server !== undefined
  const fields = new URLSearchParams()
  if (options.type !== undefined) {
    if (isSession) {
      throw new Failure(2, 'a session has no type: --type goes with one file')
    }
  }
  const own = await ownOf(options)
  const type = options.type ?? [...own.types.keys()][0]
  if (type !== undefined && !isSession) {
    fields.set('type', type)
  }
  const grammar = type === undefined ? undefined : grammarAmong(type, own)
  const { version, features, storeDir } = protocolOf(options, grammar)
  if (!isSession) {
    fields.set('protocol', version)
    fields.set('features', features.join(','))
    if (options.canonical === true) {
      fields.set('canonical', '1')
    }
  }
  const dir = isSession ? dirFollowed(own, options) : (options.storeDir ?? unusual(storeDir))
  if (dir !== undefined) {
    fields.set('store', dir)
  }
  const names = [file, server].filter((name) => name !== undefined)
  const files: Array<ServedFile> = []
  for (const name of names) {
    files.push({ name, bytes: await readAll(name) })
    fields.append('file', name)
  }
  const modules: Array<ServedFile> = []
  for (const name of options.module) {
    modules.push({ name, bytes: await readModule(name) })
    fields.append('module', name)
  }
  await untilSignal(async (ended) => {
    const serving = await servePage(files, options.port, modules)
    const address = `${serving.address}#${fields}`
    await write(`${address}\n`)
    say('serving until Ctrl-C')
    const forget = options.open && isTerminal() ? openBrowser(address) : () => undefined
    await ended
    forget()
    await serving.close()
  })
}

/**
 * The store directory of a module if it is not the usual one, which may be no module's own; a recording shows its own.
 */
const unusual = (dir: string): string | undefined => (dir === nixDefaults.storeDir ? undefined : dir)

/** Loads a module for the page, which has no compiler. */
const readModule = async (name: string): Promise<Uint8Array> => {
  if (/\.[cm]?ts$/.test(name)) {
    throw new Failure(
      2,
      `${showName(name)}: the page runs JavaScript only; give the file that it compiles to, as by ` +
        'npx esbuild --bundle --format=esm --packages=external FILE.ts --outfile=FILE.js',
    )
  }
  return readAll(name)
}
