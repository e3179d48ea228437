import { Command } from 'commander'
import { SessionDecoder } from '../../session/decoder.js'
import type { SessionOptions } from '../../session/options.js'
import { ServeSession } from '../../session/serve/serve-session.js'
import { Failure } from '../failure.js'
import { countArgument } from '../numbers.js'
import { CapturePrinter } from '../session/capture.js'
import { printPair } from '../session/pair.js'
import { type PrintOptions, SessionPrinter } from '../session/printer.js'

interface Options extends PrintOptions {
  readonly storeDir?: string
  readonly connection?: number
}

export const sessionCommand = (): Command =>
  new Command('session')
    .summary('explain a recorded connection')
    .description(
      'Reads a recorded connection and prints the conversation: the handshake, and each operation with its\n' +
        'request, log, uploads and downloads, and reply or error; when it was and who was waited for; and what\n' +
        'is pending at the end. What breaks a rule and does not lose the place is told, and shown as it came.',
    )
    .argument('<recording>', 'a pcapng file of nix-wire, a pcap file of sockdump, or what the client sent')
    .argument('[server]', 'what the daemon sent, if the first holds only what the client sent')
    .option('-j, --json', 'one line of JSON for the handshake, each operation, each issue, and the end')
    .option('-F, --full', 'fold nothing')
    .option('-s, --store-dir <dir>', 'store directory of both sides (default: what the traffic shows)')
    .option('-c, --connection <n>', 'the only one to show, where a file has several', countArgument)
    .addHelpText(
      'after',
      `
Examples:
  $ nix-wire session build.pcapng
  $ nix-wire session build.client.bin build.server.bin
  $ nix-wire session build.pcapng --json | jq -r 'select(.time.took > 1000000) | .name, .time.waitedForServer'

\`nix-wire proxy\` makes such recordings. Times of --json that are no dates are in microseconds. Two files of
bytes say nothing of times, and not whether the connection was open at their end.

Exit codes: 0 done; 1 a stream breaks the protocol, or the recording is damaged, and where is on stderr; 2 the
command line is wrong.`,
    )
    .action(session)

const session = async (recording: string, server: string | undefined, options: Options): Promise<void> => {
  const printer = new SessionPrinter(options)
  const decoder = decoderFor(options.storeDir)
  if (server === undefined) {
    const only = options.connection === undefined ? null : options.connection - 1
    await new CapturePrinter(recording, decoder, printer, only).print()
  } else if (options.connection !== undefined) {
    throw new Failure(2, '--connection is for a file that holds several')
  } else {
    await printPair(recording, server, decoder(), printer, new ServeSession(storeOf(options)))
  }
  printer.finish()
}

const storeOf = ({ storeDir }: { readonly storeDir?: string | undefined }): { readonly storeDir?: string } =>
  storeDir === undefined ? {} : { storeDir }

/** Makes decoders; their options are tried at once. */
const decoderFor = (storeDir: string | undefined): (() => SessionDecoder) => {
  const options: SessionOptions = storeOf({ storeDir })
  try {
    new SessionDecoder(options)
  } catch (error) {
    throw new Failure(2, error instanceof Error ? error.message : String(error))
  }
  return () => new SessionDecoder(options)
}
