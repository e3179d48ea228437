/**
 * A store of your own: archives compressed, in memory. What a daemon does with a store is `storeHandlers`; this is where the
 * paths are kept, and could be a folder, a database or a bucket.
 *
 *     node --import tsx examples/store.ts [SOCKET]
 *     NIX_REMOTE=unix://$PWD/my-socket nix-store --add examples
 */

import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { type Arrival, type HeldBytes, type Store, serveAt, storeHandlers } from 'nix-wire/daemon'
import type { UnkeyedValidPathInfo } from 'nix-wire/grammar'
import { type StorePath, storePathHashOf } from 'nix-wire/types'

interface Kept {
  readonly info: UnkeyedValidPathInfo
  readonly compressed: ReadonlyArray<Buffer>
}

const kept = new Map<StorePath, Kept>()
const links = new Set<string>()

/** Nothing stays of what fails on its way. */
const compress = async (bytes: AsyncIterable<Uint8Array>): Promise<ReadonlyArray<Buffer>> => {
  const compressed: Array<Buffer> = []
  await pipeline(bytes, createGzip(), async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) {
      compressed.push(chunk)
    }
  })
  return compressed
}

const expand = (compressed: ReadonlyArray<Buffer>): Readable => Readable.from(compressed).pipe(createGunzip())

const store: Store = {
  storeDir: '/nix/store',
  info: (path) => kept.get(path)?.info ?? null,
  paths: () => kept.keys(),
  pathOf: (hashPart) => [...kept.keys()].find((path) => storePathHashOf(path) === hashPart) ?? null,
  referrers: (path) =>
    [...kept].flatMap(([other, { info }]) => (info.references.includes(path) ? [other] : [])),
  nar: (path) => expand(kept.get(path)?.compressed ?? []),
  receive: async (nar): Promise<Arrival> => {
    const compressed = await compress(nar)
    return {
      keep: ({ path, info }) => {
        const size = compressed.reduce((sum, { length }) => sum + length, 0)
        console.log(`${path}: ${info.narSize} bytes, ${size} compressed`)
        kept.set(path, { info, compressed })
      },
      // The bytes are in no map yet, so there is nothing to delete.
      drop: () => undefined,
    }
  },
  hold: async (bytes): Promise<HeldBytes> => {
    const chunks: Array<Uint8Array> = []
    for await (const chunk of bytes) {
      // The next read may overwrite the chunk.
      chunks.push(chunk.slice())
    }
    const size = chunks.reduce((sum, { length }) => sum + length, 0)
    return { size, read: () => chunks, drop: () => undefined }
  },
  change: (path, info) => {
    kept.set(path, { info, compressed: kept.get(path)?.compressed ?? [] })
  },
  remove: (path) => {
    console.log(`${path}: gone`)
    kept.delete(path)
  },
  roots: {
    add: (link) => {
      links.add(link)
    },
    remove: (link) => {
      links.delete(link)
    },
    all: () => [...links],
  },
}

const [socket = 'my-socket'] = process.argv.slice(2)
const server = await serveAt(socket, storeHandlers(store), { trusted: true })
console.log(`serving at ${socket}`)
process.once('SIGINT', () => server.close())
process.once('SIGTERM', () => server.close())
