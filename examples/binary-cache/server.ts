/**
 * A binary cache, read-only, from a daemon's socket: path infos, archives and their listings over HTTP, for `nix` and for a
 * browser. With a secret key (`nix key generate-secret`) it signs what it serves, and others take it without more.
 *
 *     node --import tsx examples/binary-cache/server.ts [SOCKET [STORE_DIR [PORT [KEY_FILE]]]]
 *     nix copy --from http://127.0.0.1:8080 --option trusted-public-keys NAME:KEY /nix/store/…
 *
 * Each request has a connection to the daemon of its own, which ends with the request, however that ends.
 */
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { option as O } from 'fp-ts'
import { type Client, promises } from 'nix-wire/daemon'
import type { operations, ValidPathInfo } from 'nix-wire/grammar'
import { CacheInfo, listingOf, parseSecretKey, printListing } from 'nix-wire/store'
import { narEvents } from 'nix-wire/stream'
import { Path } from 'nix-wire/types'
import { hashPartOf, narInfo, narUrl, orThrow } from './narinfo.js'
import { page } from './page.js'

const [socket = '/nix/var/nix/daemon-socket/socket', storeDir = '/nix/store', port = '8080', keyFile] =
  process.argv.slice(2)

const key = keyFile === undefined ? null : orThrow(parseSecretKey(readFileSync(keyFile, 'utf8')))

const cacheInfo = orThrow(
  CacheInfo.print({
    storeDir: O.fromEither(Path.make(storeDir)),
    wantMassQuery: O.some(true),
    priority: O.some(50n),
    others: [],
    text: O.none,
  }),
)

type Daemon = Client<typeof operations>

const find = async ({ promises: daemon }: Daemon, hashPart: string): Promise<ValidPathInfo | null> => {
  const path = await daemon.queryPathFromHashPart({ hashPart })
  const info = O.isSome(path) ? await daemon.queryPathInfo({ path: path.value }) : O.none
  return O.isSome(path) && O.isSome(info) ? { path: path.value, info: info.value } : null
}

const send = (response: ServerResponse, status: number, type: string, body: string | Uint8Array): void => {
  const headers = { 'content-type': type, 'content-length': Buffer.byteLength(body) }
  // For HEAD, Node sends only the headers.
  response.writeHead(status, headers).end(body)
}

const notFound = (response: ServerResponse): void => send(response, 404, 'text/plain', 'not found\n')

/** Sends an archive as fast as it is taken: the daemon waits for the client. */
const sendNar = async (
  daemon: Daemon,
  { path, info }: ValidPathInfo,
  response: ServerResponse,
): Promise<void> => {
  const headers = { 'content-type': 'application/x-nix-nar', 'content-length': String(info.narSize) }
  if (response.req.method === 'HEAD') {
    response.writeHead(200, headers).end()
    return
  }
  const nar = await daemon.promises.narFromPath({ path })
  // The first chunk is read before the headers are sent, so that an error can still have another status.
  const first = await nar.next()
  response.writeHead(200, headers)
  const chunks = async function* () {
    if (first.done !== true) {
      yield first.value
    }
    yield* nar
  }
  await pipeline(chunks, response)
}

/** What is in a path, of its archive in one pass: the contents of files are not kept. */
const listing = async (daemon: Daemon, { path }: ValidPathInfo): Promise<string> =>
  printListing(orThrow(await listingOf(narEvents(await daemon.promises.narFromPath({ path })))()))

const answer = async (daemon: Daemon, url: URL, response: ServerResponse): Promise<void> => {
  if (url.pathname === '/') {
    const paths = await daemon.promises.queryAllValidPaths()
    return send(response, 200, 'text/html; charset=utf-8', page(paths, url.searchParams.get('q') ?? ''))
  }
  const hash = hashPartOf(url.pathname)
  const found = hash === '' ? null : await find(daemon, hash)
  if (found !== null && url.pathname === `/${hash}.narinfo`) {
    return send(response, 200, 'text/x-nix-narinfo', narInfo(found, key, storeDir))
  }
  if (found !== null && url.pathname === `/${hash}.ls`) {
    return send(response, 200, 'application/json', await listing(daemon, found))
  }
  if (found !== null && url.pathname === `/${narUrl(found)}`) {
    return sendNar(daemon, found, response)
  }
  return notFound(response)
}

const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const url = new URL(request.url ?? '/', 'http://localhost')
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD')
    return send(response, 405, 'text/plain', 'read-only\n')
  }
  if (url.pathname === '/nix-cache-info') {
    return send(response, 200, 'text/x-nix-cache-info', cacheInfo)
  }
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  const daemon = await promises.connect(socket, { storeDir, timeout: 60_000, signal: gone.signal })
  try {
    await answer(daemon, url, response)
  } finally {
    await daemon.close()
  }
}

const server = createServer((request, response) => {
  handle(request, response).catch((error: unknown) => {
    if (response.headersSent) {
      // The client has received part of an archive, and must see that it is incomplete.
      response.destroy()
    } else if (!response.closed) {
      send(response, 502, 'text/plain', `${error instanceof Error ? error.message : error}\n`)
    }
  })
})

server.maxConnections = 64
server.listen(Number(port), '127.0.0.1', () => {
  const address = server.address()
  console.log(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`)
})
