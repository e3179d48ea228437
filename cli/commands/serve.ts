import { Command, InvalidArgumentError, Option } from 'commander'
import { type Issue, showIssue } from '../../combinators/issue.js'
import { type ServeAtOptions, type Serving, serveAt } from '../../daemon/serve-at.js'
import { diskStore } from '../../daemon/served-store/disk-store.js'
import type { DiskStore } from '../../daemon/served-store/folder-store.js'
import { storeHandlers } from '../../daemon/served-store/handlers.js'
import { memoryStore } from '../../daemon/served-store/memory-store.js'
import type { StreamPair } from '../../daemon/transport-types.js'
import { PublicKey } from '../../store/keys.js'
import { expectText } from '../arguments.js'
import { cannotListen } from '../cannot-listen.js'
import { exitCodeOf, Failure } from '../failure.js'
import { showName, showReason } from '../nar/show.js'
import { countArgument, modeArgument } from '../numbers.js'
import { protocolOf } from '../protocol-options.js'
import { untilSignal } from '../signalled.js'
import { say, standardStreams } from '../terminal.js'

interface Options {
  readonly listen?: string
  readonly stdio?: true
  readonly store?: string
  readonly memory?: true
  readonly storeDir: string
  readonly maxSize?: number
  readonly maxConnections?: number
  readonly mode?: number
  readonly trusted?: boolean
  readonly trustedKey: ReadonlyArray<PublicKey>
}

const moreKeys = (text: string, before: ReadonlyArray<PublicKey>): ReadonlyArray<PublicKey> => {
  const key = PublicKey.make(text)
  if (key._tag === 'Left') {
    throw new InvalidArgumentError('Expected a public key, NAME:BASE64, such as cache.nixos.org-1:6NCH….')
  }
  return [...before, key.right]
}

export const serveCommand = (): Command =>
  new Command('serve')
    .summary('serve a store of its own, like a daemon')
    .description(
      'Serves a store in memory or in a folder, like a daemon: clients add to\n' +
        'it, copy to and from it, query it, register roots, and collect garbage. It\n' +
        'builds nothing. Ends on SIGINT, SIGTERM or SIGHUP.',
    )
    .option('-l, --listen <socket>', 'socket to make, for clients to connect to')
    .option('--stdio', 'one connection, over standard input and output, as `nix-daemon --stdio`')
    .option('--store <dir>', 'folder for the store; made if it does not exist')
    .option('--memory', 'a store in memory, which ends with the command (the default)')
    .option('-s, --store-dir <dir>', 'store directory of its paths', '/nix/store')
    .option('--max-size <bytes>', 'the most bytes of a store in memory (default: 1 GiB)', countArgument)
    .option('--max-connections <n>', 'the most connections at a time (default: 2048)', countArgument)
    .option('-m, --mode <mode>', 'permissions of the socket (default: 600, its owner alone)', modeArgument)
    .option('--trusted', 'let clients add any path (the default, unless --mode lets other users connect)')
    .option('--no-trusted', 'accept only paths that are content-addressed, or signed by a trusted key')
    .addOption(
      new Option('--trusted-key <key>', 'public key whose signatures are trusted; may be given again')
        .argParser(moreKeys)
        .default([], 'none'),
    )
    .addHelpText(
      'after',
      `
Examples:
  $ nix-wire serve --listen /tmp/n --store ~/my-store
  $ nix-store --add ./notes.txt   # elsewhere, with NIX_REMOTE=unix:///tmp/n
  $ nix copy --to unix:///tmp/n nixpkgs#hello
  $ nix copy --from 'ssh-ng://host?remote-program=nix-wire serve --stdio --store my-store' /nix/store/…-hello

A client of unix:// reads files in the store directory itself, and not through the socket: to copy from a folder
that way, say where the files are: --from 'unix:///tmp/n?real=/home/me/my-store/store'.

Exit codes: 0 ended by a signal, or by the client of --stdio; 1 the connection of --stdio broke; 2 the command line is
wrong, or the socket or the folder cannot be used.`,
    )
    .action(serve)

const serve = async (options: Options): Promise<void> => {
  const { listen, stdio = false, store, memory = false, maxSize } = options
  if ((listen !== undefined) === stdio) {
    throw new Failure(2, 'name where to serve: --listen SOCKET, or --stdio')
  }
  if (store !== undefined && (memory || maxSize !== undefined)) {
    throw new Failure(
      2,
      `--store is a folder: ${memory ? '--memory' : '--max-size'} is for a store in memory`,
    )
  }
  expectText(listen ?? '', '--listen')
  expectText(store ?? '', '--store')
  await untilSignal((signalled) => served(options, signalled))
}

const served = async (options: Options, signalled: Promise<void>): Promise<void> => {
  const opened = await storeOf(options)
  try {
    if (options.listen === undefined) {
      await overStreams(opened, options, signalled)
    } else {
      await atSocket(options.listen, opened, options, signalled)
    }
  } finally {
    await opened.close()
  }
}

interface Opened {
  readonly handlers: ReturnType<typeof storeHandlers>
  readonly storeDir: string
  readonly what: string
  close(): Promise<void>
}

const storeOf = async ({
  store: dir,
  storeDir: given,
  maxSize,
  trustedKey: trustedKeys,
}: Options): Promise<Opened> => {
  const { storeDir } = protocolOf({ protocol: '1.38', feature: [], storeDir: given })
  if (dir === undefined) {
    const store = memoryStore({ storeDir, ...(maxSize === undefined ? {} : { maxSize }) })
    return {
      handlers: storeHandlers(store, { trustedKeys }),
      storeDir,
      what: 'a store in memory',
      close: async () => undefined,
    }
  }
  const store = await openedFolder(dir, storeDir)
  const { size } = store
  return {
    handlers: storeHandlers(store, { trustedKeys }),
    storeDir,
    what: `${showName(dir)} (${size === 1 ? '1 path' : `${size} paths`})`,
    close: () => store.close(),
  }
}

const openedFolder = async (dir: string, storeDir: string): Promise<DiskStore> => {
  try {
    return await diskStore(dir, { storeDir })
  } catch (error) {
    throw new Failure(exitCodeOf(error), `cannot use the store in ${showName(dir)}: ${showReason(error)}`)
  }
}

const ownerAlone = 0o700

const isTrusting = ({ trusted, mode }: Options): boolean => trusted ?? ((mode ?? 0) & ~ownerAlone) === 0

const atSocket = async (
  listen: string,
  { handlers, storeDir, what }: Opened,
  options: Options,
  signalled: Promise<void>,
): Promise<void> => {
  const trusted = isTrusting(options)
  let isOver = false
  const serving = await listening(listen, handlers, {
    storeDir,
    trusted,
    ...(options.mode === undefined ? {} : { mode: options.mode }),
    ...(options.maxConnections === undefined ? {} : { maxConnections: options.maxConnections }),
    onClose: (ended) => {
      if (ended._tag === 'Left' && !isOver && !saidNothing(ended.left)) {
        say(`a connection broke: ${showIssue(ended.left)}`)
      }
    },
    onFailure: (error) => say(showReason(error)),
  })
  say(
    `serving ${what} at ${showName(listen)}; its paths are in ${showName(storeDir)}, ` +
      `clients are ${trusted ? '' : 'not '}trusted`,
  )
  await signalled
  isOver = true
  await serving.close()
}

/** Whether the client left without sending anything, as programs do that only look for a server. */
const saidNothing = ({ _tag, offset }: Issue): boolean => _tag === 'UnexpectedEnd' && offset === 0

const listening = async (
  listen: string,
  handlers: Opened['handlers'],
  options: ServeAtOptions,
): Promise<Serving> => {
  try {
    return await serveAt(listen, handlers, options)
  } catch (error) {
    throw cannotListen(listen, error)
  }
}

/** Prints nothing: the other side may show standard error to its user. */
const overStreams = async (
  { handlers, storeDir }: Opened,
  options: Options,
  signalled: Promise<void>,
): Promise<void> => {
  const streams: StreamPair = standardStreams()
  let broken: string | null = null
  const serving = await serveAt(streams, handlers, {
    storeDir,
    trusted: isTrusting(options),
    onClose: (ended) => {
      broken = ended._tag === 'Left' ? showIssue(ended.left) : null
    },
  })
  const isSignalled = await Promise.race([serving.ended.then(() => false), signalled.then(() => true)])
  await serving.close()
  if (broken !== null && !isSignalled) {
    throw new Failure(1, `the connection broke: ${broken}`)
  }
}
