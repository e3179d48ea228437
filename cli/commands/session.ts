import { Command } from 'commander'
import { ConnectionReader } from '../../session/connection-reader.js'
import type { SessionOptions } from '../../session/options.js'
import type { OwnConversation } from '../../session/own/own-protocol.js'
import { colours as pc } from '../colours.js'
import { Failure } from '../failure.js'
import {
  conversationUnder,
  dirFollowed,
  type ModuleOptions,
  type Own,
  ownOf,
  withModuleOption,
} from '../modules/own.js'
import { showName } from '../nar/show.js'
import { countArgument } from '../numbers.js'
import { CapturePrinter } from '../session/capture.js'
import { CaptureFile } from '../session/capture-file.js'
import { followPair } from '../session/follow-pair.js'
import { Growth } from '../session/growth.js'
import { printPair } from '../session/pair.js'
import { type PrintOptions, SessionPrinter } from '../session/printer.js'
import { newestOf, type Recording, recordingsAt } from '../session/recordings.js'
import { untilSignal } from '../signalled.js'
import { say, write } from '../terminal.js'

interface Options extends PrintOptions, ModuleOptions {
  readonly storeDir?: string
  readonly connection?: number
  readonly follow?: true
}

export const sessionCommand = (): Command =>
  withModuleOption(new Command('session'))
    .summary('explain a recorded connection')
    .description(
      'Reads a recorded connection and prints the conversation: the handshake, and each operation with its\n' +
        'request, log, uploads and downloads, and reply or error; its time and who was waited for; and what\n' +
        'is pending at the end. The protocol is that of a daemon, or of `nix-store --serve`, which `ssh://` stores\n' +
        'use: the first bytes say which. Issues are reported, and reading goes on after them if possible.\n' +
        'With --module it follows the conversation that the module exports, or knows its operations.',
    )
    .argument(
      '<recording>',
      'a pcapng file of nix-wire, a pcap file of sockdump, or a file with the bytes of the client; the name of a recording without the endings; ' +
        'or a folder: all of its recordings, with --follow the newest',
    )
    .argument('[server]', 'a file with the bytes of the daemon, if the first has those of the client only')
    .option('-j, --json', 'one line of JSON for the handshake, each operation, each issue, and the end')
    .option('-F, --full', 'show everything')
    .option('-s, --store-dir <dir>', 'store directory of both sides (default: what the traffic shows)')
    .option('-f, --follow', 'keep reading while the recording grows, and print what is pending')
    .option('-c, --connection <n>', 'the only connection to show, if a file has several', countArgument)
    .addHelpText(
      'after',
      `
Examples:
  $ nix-wire session build.pcapng
  $ nix-wire session build.client.bin build.server.bin
  $ nix-wire session recordings/20260102T030405Z-1
  $ nix-wire session recordings --follow
  $ nix-wire session --module ./kitchen.js orders.pcapng
  $ nix-wire session build.pcapng --json | jq -r 'select(.time.took > 1000000) | .name, .time.waitedForServer'

\`nix-wire proxy\` makes such recordings. Times of --json that are no dates are in microseconds. Two files of
bytes have no times, and do not say whether the connection was open at their end. While nothing comes, --follow says
what each side waits for, and what has come of a value: on a terminal in its last line, otherwise after 10, 20, 40
seconds and so on. It ends with the connection, if the recording says so, or on SIGINT, SIGTERM or SIGHUP, and says
what was pending then.

Exit codes: 0 done; 1 a stream breaks the protocol, or the recording is damaged, and where is on stderr; 2 the
command line is wrong.`,
    )
    .action(session)

const session = async (recording: string, server: string | undefined, options: Options): Promise<void> => {
  const own = await ownOf(options)
  const recordings =
    server === undefined
      ? recordingsAt(recording)
      : ([{ name: recording, files: [recording, server] }] as const)
  const [, ...more] = recordings
  if (more.length === 0 || options.follow === true) {
    const { name, files } = newestOf(recordings)
    if (more.length > 0) {
      say(
        `following ${showName(name)}, the newest of ${recordings.length} recordings; the others may go on too`,
      )
    }
    await one(own, files, options)
    return
  }
  if (options.json === true) {
    throw new Failure(
      2,
      `${showName(recording)} has ${recordings.length} recordings, and --json is of one: name it`,
    )
  }
  await each(recordings, ({ files }) => one(own, files, options))
}

/** Prints one recording after another, with its name, and after each its issue. */
const each = async (
  recordings: ReadonlyArray<Recording>,
  print: (recording: Recording) => Promise<void>,
): Promise<void> => {
  const wrong: Array<string> = []
  for (const recording of recordings) {
    await write(`${pc.bold(`== ${showName(recording.name)} ==`)}\n`)
    try {
      await print(recording)
    } catch (error) {
      if (!(error instanceof Failure) || error.exitCode !== 1) {
        throw error
      }
      say(error.message)
      wrong.push(showName(recording.name))
    }
  }
  if (wrong.length > 0) {
    throw new Failure(
      1,
      `something is wrong in ${wrong.length} of ${recordings.length} recordings: ${wrong.join(', ')}`,
    )
  }
}

const one = async (own: Own, [recording, server]: Recording['files'], options: Options): Promise<void> => {
  if (own.conversation !== null) {
    await ownSession(own.conversation, recording, server, options)
    return
  }
  const printer = new SessionPrinter(options, server === undefined ? recording : undefined)
  const newReader = readerFor(options, own)
  const { follow, connection } = options
  if (server === undefined) {
    const only = connection === undefined ? null : connection - 1
    const follower = new CapturePrinter(newReader, printer, follow === true)
    const capture = new CaptureFile(recording, follower, only)
    await (follow === true ? whileGrowing((growth) => capture.follow(growth)) : capture.follow(null))
  } else if (connection !== undefined) {
    throw onlyOfSeveral()
  } else if (follow === true) {
    await whileGrowing((growth) => followPair(recording, server, newReader(), printer, growth))
  } else {
    await printPair(recording, server, newReader(), printer)
  }
  printer.finish()
}

/** The same for the conversation that a module exports. */
const ownSession = async (
  given: OwnConversation,
  recording: string,
  server: string | undefined,
  options: Options,
): Promise<void> => {
  const { follow, connection } = options
  if (server !== undefined && connection !== undefined) {
    throw onlyOfSeveral()
  }
  const [{ OwnCapture, printOwnPair }, { OwnPrinter, openSession }] = await Promise.all([
    import('../own-session/recorded.js'),
    import('../own-session/printer.js'),
  ])
  const conversation = conversationUnder(given, options)
  const printer = new OwnPrinter(conversation, options)
  const only = connection === undefined ? null : connection - 1
  const print = (growth: Growth | null): Promise<void> =>
    server === undefined
      ? new CaptureFile(recording, new OwnCapture(recording, conversation, printer), only).follow(growth)
      : printOwnPair(recording, server, openSession(conversation), printer, growth)
  await (follow === true ? whileGrowing(print) : print(null))
  printer.finish()
}

const onlyOfSeveral = (): Failure => new Failure(2, '--connection is for a file with several connections')

const whileGrowing = (print: (growth: Growth) => Promise<void>): Promise<void> =>
  untilSignal((ended) => print(new Growth(ended)))

/** Makes readers, after checking their options once. */
const readerFor = (given: Options, own: Own): (() => ConnectionReader) => {
  const storeDir = dirFollowed(own, given)
  const options: SessionOptions = {
    progress: given.follow === true,
    ...(storeDir === undefined ? {} : { storeDir }),
    ...(own.operations === null ? {} : { operations: own.operations.operations }),
  }
  try {
    new ConnectionReader(options)
  } catch (error) {
    throw new Failure(2, error instanceof Error ? error.message : String(error))
  }
  return () => new ConnectionReader(options)
}
