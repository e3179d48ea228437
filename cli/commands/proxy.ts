import { Command, Option } from 'commander'
import { now } from '../../daemon/now.js'
import { defaultHandshakeTimeout, defaultMaxConnections, recordingProxy } from '../../daemon/proxy/index.js'
import type { ProxiedConnection, RecordingProxyOptions } from '../../daemon/proxy/options.js'
import { type RecordingFormat, recordingFormats } from '../../daemon/proxy/options.js'
import { codeOf } from '../../daemon/sockets.js'
import { isUnremarkable } from '../../session/timed/left-phrases.js'
import { timePhrase } from '../../session/timed/time-phrase.js'
import { expectText } from '../arguments.js'
import { cannotListen } from '../cannot-listen.js'
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
import { showName, showReason } from '../nar/show.js'
import { countArgument, modeArgument, timeoutArgument } from '../numbers.js'
import { type ProgramOptions, passProgram } from '../proxy/program.js'
import { type ViewGiven, viewOptions } from '../proxy/view-options.js'
import { pendingLines, quietLine } from '../session/time-text.js'
import { eventText } from '../session-text.js'
import { untilSignal } from '../signalled.js'
import { say, writeError, writeOrDrop } from '../terminal.js'

interface Options extends ModuleOptions {
  readonly listen?: string
  readonly to?: string
  readonly command?: string
  readonly record?: string
  readonly format: RecordingFormat
  readonly live?: true
  readonly storeDir?: string
  readonly maxConnections: number
  readonly handshakeTimeout: number
  readonly mode?: number
}

export const proxyCommand = (): Command =>
  withModuleOption(new Command('proxy'))
    .summary('record the traffic between clients and a daemon')
    .description(
      'Listens on a socket, passes all bytes on to a daemon and back, and records or prints the conversation; or runs a\n' +
        'command that speaks the daemon protocol or that of `nix-store --serve`, and passes on standard input and output. A\n' +
        'recording is NAME.pcapng for each connection, with the times of all bytes, or, without times,\n' +
        'NAME.client.bin and NAME.server.bin. Ends on SIGINT, SIGTERM or SIGHUP.',
    )
    .option('-l, --listen <socket>', 'socket to make, for clients to connect to')
    .option('-t, --to <socket>', "the daemon's socket")
    .option(
      '-C, --command <command>',
      'instead of sockets: a command, for one client on standard input and output',
    )
    .option('-r, --record <dir>', 'folder for the recordings; made if it does not exist')
    .addOption(
      new Option(
        '--format <format>',
        'the format: pcapng with times, bin with the bytes of each side, or both',
      )
        .choices(recordingFormats)
        .default('pcapng'),
    )
    .option('-L, --live', 'print the conversations as they happen')
    .option('-s, --store-dir <dir>', 'store directory (default: what the traffic shows)')
    .option(
      '--max-connections <n>',
      'the most connections at a time; further ones are closed immediately',
      countArgument,
      defaultMaxConnections,
    )
    .option(
      '--handshake-timeout <seconds>',
      'time limit for the daemon to accept a connection, and for a client to say hello; 0: no limit',
      timeoutArgument,
      defaultHandshakeTimeout / 1000,
    )
    .option('-m, --mode <mode>', 'permissions of the socket (default: 600, its owner alone)', modeArgument)
    .addHelpText(
      'after',
      `
Examples:
  $ nix-wire proxy --listen /tmp/n --to /nix/var/nix/daemon-socket/socket --record recordings
  $ NIX_REMOTE=unix:///tmp/n nix path-info nixpkgs#hello   # elsewhere
  $ nix-wire session recordings   # all of them
  $ nix-wire proxy --listen /tmp/n --to /nix/var/nix/daemon-socket/socket --live   # records nothing
  $ nix-wire proxy --listen /tmp/tea --to /run/kitchen --live --module ./kitchen.js   # a protocol of your own
  $ nix-wire proxy --record recordings --command 'nix-store --serve --write'   # as the remote program of ssh://

The daemon sees the user that runs the proxy, whoever the client is: --mode 666 lends that user's rights to
everybody. Recordings hold all that was said: they may be read by their owner only. What --live shows is behind the
traffic, and ends where it is too far behind or a value has more than 8 MiB; the recording goes on. While nothing comes
it says who is waited for, after 10, 20, 40 seconds and so on; and at once when a side closes that waits for the other.

Before a --command what --live shows is on standard error.

Exit codes: 0 ended by a signal, or with the command; 1 the same, and bytes are missing in a recording, or the command failed; 2 the command line is wrong, or
the socket or folder cannot be used.`,
    )
    .action(proxy)

const proxy = async (options: Options): Promise<void> => {
  const { command, listen, to } = options
  if (command === '') {
    throw new Failure(2, 'the --command is empty')
  }
  if (command === undefined ? listen === undefined || to === undefined : (listen ?? to) !== undefined) {
    throw new Failure(2, 'say where to stand: between --listen and --to, or before a --command')
  }
  if (options.record === undefined && options.live !== true) {
    throw new Failure(2, 'nothing to do with what is said: --record it, or show it --live')
  }
  if (command !== undefined) {
    expectText(command, '--command')
    await passProgram(command, { ...options, ...(await programView(options)) })
    return
  }
  const sockets = { ...options, listen: listen ?? '', to: to ?? '' }
  expectText(sockets.listen, '--listen')
  expectText(sockets.to, '--to')
  const own = await ownOf(options)
  const live = options.live === true ? await viewersOf(options, own) : {}
  await untilSignal((ended) => record(sockets, own, live, ended))
}

/** Prints the conversation of a --command, as described by a module if there is one. */
const programView = async (options: Options): Promise<ViewGiven & Pick<ProgramOptions, 'viewer'>> => {
  const own = await ownOf(options)
  const { conversation } = own
  if (conversation === null || options.live !== true) {
    return viewGiven(options, own)
  }
  const { OwnLive } = await import('../own-session/live.js')
  const view = new OwnLive(conversationUnder(conversation, options), (text) => writeError(`${text()}\n`))
  return {
    viewer: {
      take: (side, bytes) => view.take(side, bytes, now()),
      // A connection that was open when the proxy stopped has not ended.
      end: (side, how) => how !== 'stopped' && view.take(side, null, now()),
    },
  }
}

const viewGiven = (options: Options, own: Own): ViewGiven => ({
  storeDir: dirFollowed(own, options),
  operations: own.operations?.operations,
})

type Viewers = Pick<RecordingProxyOptions, 'onEvent' | 'onPending' | 'onQuiet' | 'onBytes'>

/** Prints conversations of the daemon protocol, or those of a module. */
const viewersOf = async (options: Options, { conversation }: Own): Promise<Viewers> => {
  if (conversation === null) {
    return live()
  }
  const { OwnLive } = await import('../own-session/live.js')
  const { openSession } = await import('../own-session/printer.js')
  const given = conversationUnder(conversation, options)
  // Reports at once a conversation that cannot be followed.
  openSession(given)
  const views = new WeakMap<ProxiedConnection, InstanceType<typeof OwnLive>>()
  return {
    onBytes: (side, bytes, connection) => {
      const view = views.get(connection) ?? new OwnLive(given, (text) => print(connection, text))
      views.set(connection, view)
      view.take(side, bytes, now())
    },
  }
}

interface Sockets extends Options {
  readonly listen: string
  readonly to: string
}

const record = async (options: Sockets, own: Own, live: Viewers, ended: Promise<void>): Promise<void> => {
  let parts = 0
  const otherSide = own.conversation === null ? 'daemon' : 'server'
  const running = await started({
    listen: options.listen,
    to: options.to,
    ...(options.record === undefined ? {} : { record: options.record }),
    format: options.format,
    maxConnections: options.maxConnections,
    // The time limit waits for the handshake of the daemon protocol; other protocols have another one.
    handshakeTimeout: own.conversation === null ? options.handshakeTimeout * 1000 : 0,
    ...(options.mode === undefined ? {} : { mode: options.mode }),
    session: viewOptions(viewGiven(options, own)),
    ...live,
    onFailure: (error, connection) => {
      say(`${connection === null ? '' : `${connection.name}: `}${showReason(error)}`)
    },
    onClose: ({ name, files, lost }) => {
      const all = files.map(showName).join(' ')
      if (files.length === 0) {
        say(`${name} is over`)
      } else if (lost.client + lost.server === 0) {
        say(`${name} recorded: ${all}`)
      } else {
        parts++
        say(
          `${name} recorded in part: ${all}; missing: ${lost.client} bytes of the client, ${lost.server} of the ${otherSide}`,
        )
      }
    },
  })
  say(`listening on ${showName(options.listen)}`)
  await ended
  await running.close()
  if (parts > 0) {
    throw new Failure(1, `recordings that are not whole: ${parts}`)
  }
}

const started = async (options: RecordingProxyOptions) => {
  try {
    return await recordingProxy(options)
  } catch (error) {
    throw codeOf(error) === 'EADDRINUSE'
      ? cannotListen(options.listen, error)
      : new Failure(2, showReason(error))
  }
}

// A slow reader must not slow down the traffic: beyond this many unread bytes, output is dropped.
const mostUnread = 2 ** 20

/** Prints the events of a connection, what it waits for, and at its end what is pending. */
const live = (): Viewers => {
  /** When each connection began. */
  const starts = new WeakMap<ProxiedConnection, number>()
  return {
    onEvent: (event, connection, time) => {
      if (time.began !== null && !starts.has(connection)) {
        starts.set(connection, time.began)
      }
      print(connection, () => {
        const when = timePhrase({ event, time }, starts.get(connection) ?? null)
        return eventText(event, false, { when })
      })
    },
    onQuiet: (pending, connection) => {
      print(connection, () => quietLine(pending, starts.get(connection) ?? null))
    },
    onPending: (pending, connection) => {
      if (!isUnremarkable(pending)) {
        print(connection, () => pendingLines(pending, starts.get(connection) ?? null).join('\n'))
      }
    },
  }
}

/** Lines of an operation that was announced are indented already. */
const print = ({ name }: ProxiedConnection, text: () => string): void => {
  const prefix = pc.dim(`${name.slice(name.lastIndexOf('-') + 1)} │ `)
  writeOrDrop(
    () =>
      text()
        .split('\n')
        .map((line) => `${prefix}${line}\n`)
        .join(''),
    mostUnread,
  )
}
