import { createHash } from 'node:crypto'
import { none } from 'fp-ts/lib/Option.js'
import { RecentBytes } from '../../bytes/recent.js'
import type { Protocol } from '../../combinators/protocol.js'
import type { ValidPathInfo } from '../../grammar/path-info.js'
import { explain } from '../../interpreters/explain.js'
import { type ExportEvent, readExport } from '../../stream/export.js'
import { IssueError } from '../../stream/issue-error.js'
import { type NARHash, toBase16 } from '../../types/index.js'
import { compressionOf, describeCompression } from '../compression/kinds.js'
import { Failure } from '../failure.js'
import { chunksWithProgress } from '../nar/input.js'

/** A path of an export: what it is, with the hash and the size that its archive has. */
export interface ExportedPath extends ValidPathInfo {
  /** 1 says no more than references and deriver. */
  readonly version: 1 | 2
}

/** The pieces of an export. Ends with a {@link Failure} that shows the first wrong byte. */
export async function* exportEvents(
  file: string,
  what: string,
  protocol: Protocol,
): AsyncGenerator<ExportEvent, void> {
  const recent = new RecentBytes()
  try {
    yield* readExport(kept(chunksWithProgress(file, what), recent), { protocol })
  } catch (error) {
    throw error instanceof IssueError ? failureOf(error, recent) : error
  }
}

/** Copies the bytes, since their buffer is reused. */
async function* kept(
  chunks: AsyncIterable<Uint8Array>,
  recent: RecentBytes,
): AsyncGenerator<Uint8Array, void> {
  for await (const chunk of chunks) {
    recent.enter(chunk)
    yield chunk
    recent.leave()
  }
}

const failureOf = ({ issue }: IssueError, recent: RecentBytes): Failure => {
  if ('cause' in issue && issue.cause instanceof Failure) {
    return issue.cause
  }
  const { excerpt } = recent
  const foreign = excerpt.start === 0 ? describeForeign(excerpt.bytes) : null
  return new Failure(1, foreign === null ? explain(issue, excerpt) : `not an export: it is ${foreign}`)
}

// The first word of an archive, with its length.
const narHead = Buffer.from('\x0d\0\0\0\0\0\0\0nix-archive-1')

const describeForeign = (bytes: Uint8Array): string | null => {
  const compression = compressionOf(bytes)
  if (compression) {
    return describeCompression(compression, 'export')
  }
  return narHead.every((byte, i) => bytes[i] === byte)
    ? 'an archive (NAR): `nix-wire nar ls FILE` lists it'
    : null
}

/** The paths of an export. Each archive is hashed, and compared with its hash if version 2 has one. */
export async function* exportedPaths(
  file: string,
  what: string,
  protocol: Protocol,
): AsyncGenerator<ExportedPath, void> {
  let hash = createHash('sha256')
  let said: ValidPathInfo | null = null
  for await (const event of exportEvents(file, what, protocol)) {
    switch (event._tag) {
      case 'pathInfo':
        said = event.info
        break
      case 'nar':
        hash.update(event.bytes)
        break
      case 'info': {
        const narHash = toBase16(hash.digest()) as NARHash
        yield said === null ? ofVersion1(event, narHash) : checked(said, narHash)
        hash = createHash('sha256')
        said = null
      }
    }
  }
}

const ofVersion1 = (
  { info, narSize }: Extract<ExportEvent, { readonly _tag: 'info' }>,
  narHash: NARHash,
): ExportedPath => ({
  version: 1,
  path: info.path,
  info: {
    deriver: info.deriver,
    narHash,
    references: info.references,
    registrationTime: 0n,
    narSize: BigInt(narSize),
    ultimate: false,
    signatures: [],
    ca: none,
  },
})

const checked = (said: ValidPathInfo, narHash: NARHash): ExportedPath => {
  if (said.info.narHash !== narHash) {
    throw new Failure(
      1,
      `the archive of ${said.path} has the hash sha256:${narHash}, and its info says sha256:${said.info.narHash}`,
    )
  }
  return { version: 2, ...said }
}
