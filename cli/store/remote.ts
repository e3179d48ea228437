import { join } from 'node:path'
import { quoted } from '../../combinators/show.js'
import { Failure } from '../failure.js'

/** The daemon that the environment names. */
export interface Remote {
  readonly socket: string
  /** What a store URI says of the store directory. */
  readonly storeDir?: string
}

type Environment = NodeJS.ProcessEnv

/** Where Nix has its daemon's socket. */
const defaultSocket = ({ NIX_DAEMON_SOCKET_PATH: socket, NIX_STATE_DIR: state }: Environment): string =>
  filled(socket) ?? join(filled(state) ?? '/nix/var/nix', 'daemon-socket/socket')

/** Where Nix has its store. */
export const usualDir = ({ NIX_STORE_DIR: dir }: Environment): string => filled(dir) ?? '/nix/store'

const filled = (text: string | undefined): string | undefined => (text === '' ? undefined : text)

/** Settings of a store that are about Nix's own caches and builds: they change nothing of a conversation. */
const ofNixAlone: ReadonlySet<string> = new Set([
  'max-connection-age',
  'max-connections',
  'path-info-cache-size',
  'priority',
  'system-features',
  'trusted',
  'want-mass-query',
])

/**
 * What NIX_REMOTE means, as Nix has it: `daemon`, `auto` and nothing are the usual socket, `unix://PATH?store=DIR` another
 * one. What else it may say is refused: another daemon would answer than the one that was meant.
 *
 * @throws Failure
 */
export const remoteOf = (environment: Environment): Remote => {
  const { NIX_REMOTE: remote = '' } = environment
  if (remote === '' || remote === 'auto' || remote === 'daemon') {
    return { socket: defaultSocket(environment) }
  }
  const [, path, query = ''] = /^unix:\/\/([^?#]*)(?:\?([^#]*))?$/s.exec(remote) ?? []
  if (path === undefined) {
    throw refused(remote, advice(remote))
  }
  const socket = decoded(remote, path)
  if (socket !== '' && !socket.startsWith('/')) {
    throw refused(remote, 'expected an absolute path after unix://')
  }
  const storeDir = storeDirOf(remote, query)
  return {
    socket: socket === '' ? defaultSocket(environment) : socket,
    ...(storeDir === undefined ? {} : { storeDir }),
  }
}

const storeDirOf = (remote: string, query: string): string | undefined => {
  let storeDir: string | undefined
  for (const setting of query.split('&')) {
    const [name = '', ...value] = setting.split('=')
    if (name === 'store') {
      storeDir = decoded(remote, value.join('='))
    } else if (name !== '' && !ofNixAlone.has(name)) {
      throw refused(remote, `unknown setting ${quoted(name)}`)
    }
  }
  return storeDir
}

const decoded = (remote: string, text: string): string => {
  try {
    const plain = decodeURIComponent(text)
    if (!plain.includes('\0')) {
      return plain
    }
  } catch {
    // The percent-encoding is invalid.
  }
  throw refused(remote, `${quoted(text)} is not percent-encoded`)
}

const advice = (remote: string): string => {
  const ssh = /^ssh-ng:\/\/([^?#/]+)/.exec(remote)?.[1]
  return ssh === undefined
    ? 'expected daemon, auto or unix://PATH'
    : `expected daemon, auto or unix://PATH; --command 'ssh ${ssh} nix-daemon --stdio' asks that machine`
}

// Enough for any path of a socket and its settings.
const longestRemote = 400

const refused = (remote: string, why: string): Failure =>
  new Failure(2, `NIX_REMOTE is ${quoted(remote, longestRemote)}: ${why}; --socket and --command override it`)
