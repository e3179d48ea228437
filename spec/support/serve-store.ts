import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { right } from 'fp-ts/lib/Either.js'
import { some } from 'fp-ts/lib/Option.js'
import { compile } from '../../interpreters/index.js'
import { ServeAddToStoreNarRequest, type ServePathInfo, sayPathInfos, serveStore } from '../../serve/index.js'
import type { StorePath } from '../../types/index.js'

/**
 * A store in a folder, with a file for each path's info, and one for its archive. As a program it serves the store on
 * its standard streams, like `nix-store --serve --write`.
 */
const [, , folder = '.'] = process.argv

const record = compile(ServeAddToStoreNarRequest)
const nameOf = (path: StorePath): string => path.slice('/nix/store/'.length)

const known = (path: StorePath) => {
  const read = record.decode(Uint8Array.from(readFileSync(join(folder, `${nameOf(path)}.info`))))
  if (read._tag === 'Left') {
    throw new Error(`${path} is damaged`)
  }
  return read.right
}

const isThere = (path: StorePath): boolean => readdirSync(folder).includes(`${nameOf(path)}.info`)

const infoOf = (path: StorePath): ServePathInfo => {
  const { deriver, references, narSize, narHash, ca, signatures } = known(path)
  return { deriver, references, downloadSize: narSize, narSize, narHash: some(narHash), ca, signatures }
}

const closureOf = (paths: ReadonlyArray<StorePath>): ReadonlyArray<StorePath> => {
  const found = new Set<StorePath>()
  const visit = (path: StorePath): void => {
    if (!found.has(path) && isThere(path)) {
      found.add(path)
      known(path).references.forEach(visit)
    }
  }
  paths.forEach(visit)
  return [...found].sort()
}

mkdirSync(folder, { recursive: true })

const served = await serveStore(
  {
    readable: Readable.toWeb(process.stdin) as ReadableStream<Uint8Array>,
    writable: Writable.toWeb(process.stdout) as WritableStream<Uint8Array>,
  },
  {
    QueryValidPaths: ({ request }) => right({ reply: request.paths.filter(isThere) }),
    QueryPathInfos: ({ request }) =>
      right(sayPathInfos(new Map(request.paths.filter(isThere).map((path) => [path, infoOf(path)])))),
    QueryClosure: ({ request }) => right({ reply: closureOf(request.paths) }),
    DumpStorePath: ({ request: { path } }) =>
      right({ download: [Uint8Array.from(readFileSync(join(folder, `${nameOf(path)}.nar`)))] }),
    AddToStoreNar: async ({ request, upload }) => {
      const chunks: Array<Uint8Array> = []
      for await (const chunk of upload) {
        chunks.push(chunk.slice())
      }
      const info = record.encode(request)
      if (info._tag === 'Left') {
        throw new Error(`${request.path} has no form`)
      }
      writeFileSync(join(folder, `${nameOf(request.path)}.nar`), Buffer.concat(chunks))
      writeFileSync(join(folder, `${nameOf(request.path)}.info`), info.right)
      return right({ reply: undefined })
    },
  },
)
if (served._tag === 'Left') {
  process.stderr.write(`${JSON.stringify(served.left)}\n`)
  process.exitCode = 1
}
