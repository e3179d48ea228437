import { join } from 'node:path'
import { quoted } from '../../combinators/show.js'
import { Failure } from '../failure.js'

/** The daemon that the environment names. */
export interface Remote {
  readonly socket: string
  /** The store directory in a store URI. */
  readonly storeDir?: string
}

type Environment = NodeJS.ProcessEnv

/** The usual socket of Nix's daemon. */
const defaultSocket = ({ NIX_DAEMON_SOCKET_PATH: socket, NIX_STATE_DIR: state }: Environment): string =>
  filled(socket) ?? join(filled(state) ?? '/nix/var/nix', 'daemon-socket/socket')

/** The usual store directory of Nix. */
export const usualDir = ({ NIX_STORE_DIR: dir }: Environment): string => filled(dir) ?? '/nix/store'

const filled = (text: string | undefined): string | undefined => (text === '' ? undefined : text)

/** Settings of a store that concern only Nix's caches and builds, not the conversation. */
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
 * The meaning of NIX_REMOTE, as in Nix: `daemon`, `auto` and the empty text mean the usual socket,
 * `unix://PATH?store=DIR` another one. Other values are rejected, since the wrong daemon would answer.
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
