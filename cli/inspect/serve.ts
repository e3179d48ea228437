import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { Failure } from '../failure.js'

/** A file that the page fetches by its number. */
export interface ServedFile {
  readonly name: string
  readonly bytes: Uint8Array
}

export interface Serving {
  /** Where the page is, with a slash at the end. */
  readonly address: string
  close(): Promise<void>
}

/** The built page: beside the built command, or in `dist` if the command runs from its sources. */
export const pageFile: string = fileURLToPath(
  new URL(
    import.meta.url.endsWith('.ts') ? '../../dist/inspect/index.html' : '../../inspect/index.html',
    import.meta.url,
  ),
)

const readPage = async (): Promise<Uint8Array> => {
  try {
    return await readFile(pageFile)
  } catch {
    throw new Failure(2, `the page is not built: ${pageFile} is missing; \`npm run build\` makes it`)
  }
}

type Served = readonly [type: string, bytes: Uint8Array]

const headers = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
} as const

/** Serves the page and the files on this machine only, under a path that other programs cannot guess. */
export const servePage = async (
  files: ReadonlyArray<ServedFile>,
  port: number,
  modules: ReadonlyArray<ServedFile> = [],
): Promise<Serving> => {
  const page = await readPage()
  const base = `/${randomBytes(16).toString('hex')}/`
  const served = new Map<string, Served>([[base, ['text/html; charset=utf-8', page]]])
  for (const [index, { bytes }] of files.entries()) {
    served.set(`${base}files/${index}`, ['application/octet-stream', bytes])
  }
  for (const [index, { bytes }] of modules.entries()) {
    served.set(`${base}modules/${index}`, ['application/octet-stream', bytes])
  }
  const server = createServer(({ method, url = '', headers: { host }, socket }, response) => {
    const found = served.get(url)
    if (!isOurs(host, socket.localPort)) {
      answer(response, 421, 'text/plain', Buffer.from('another host\n'))
    } else if (found === undefined || (method !== 'GET' && method !== 'HEAD')) {
      answer(response, 404, 'text/plain', Buffer.from('not here\n'))
    } else {
      answer(response, 200, ...found)
    }
  })
  await listening(server, port)
  const { port: chosen } = server.address() as AddressInfo
  return {
    address: `http://127.0.0.1:${chosen}${base}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/**
 * Whether a request names this server. A page of another site whose name resolves to this machine would send that name
 * (DNS rebinding).
 */
const isOurs = (host = '', port = 0): boolean =>
  ['127.0.0.1', 'localhost'].some(
    (name) => host === `${name}:${port}` || (port === standardPort && host === name),
  )

// Browsers leave it out of the Host header.
const standardPort = 80

const answer = (response: ServerResponse, status: number, type: string, bytes: Uint8Array): void => {
  response.writeHead(status, { ...headers, 'Content-Type': type, 'Content-Length': bytes.length })
  response.end(bytes)
}

const listening = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', ({ message }) => reject(new Failure(2, `cannot serve the page: ${message}`)))
    server.listen(port, '127.0.0.1', resolve)
  })
