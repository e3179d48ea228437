import type { Protocol } from '../../combinators/protocol.js'
import { ExportInfo } from '../../grammar/export.js'
import type { UnkeyedValidPathInfo } from '../../grammar/path-info.js'
import { type ExportEvent, readExport } from '../../stream/export.js'
import { ByteSource } from '../../stream/nar/index.js'
import { bytesOfValue, passArchive, plansOf } from '../../stream/packed-path.js'
import type { StorePath } from '../../types/index.js'
import { RemoteError } from '../failure.js'
import type { ServedUpload } from '../server-types.js'
import type { Adding, Keep } from './adding.js'
import type { Store } from './store.js'

/** The reply of ExportPath: an item of an export, without the marks around it. */
export async function* exportedPath(
  store: Store,
  path: StorePath,
  { references, deriver }: UnkeyedValidPathInfo,
  protocol: Protocol,
): AsyncGenerator<Uint8Array, void> {
  yield* passArchive(store.nar(path), undefined, ['nar'])
  yield bytesOfValue(plansOf('exportedPath', { protocol }), ExportInfo, { path, references, deriver }, [])
}

/**
 * Adds the upload of ImportPaths, in order.
 *
 * @throws RemoteError for an untrusted client: an export has no signatures, and does not say which paths follow from
 * their contents.
 */
export const importedPaths = async (
  adding: Adding,
  { upload, trusted, protocol }: ServedUpload,
  keep: Keep,
): Promise<ReadonlyArray<StorePath>> => {
  if (!trusted) {
    throw new RemoteError('cannot import paths because they lack a signature by a trusted key')
  }
  const events = readExport(new ByteSource(upload), { protocol })
  const next = async (): Promise<ExportEvent | null> => {
    const { done, value } = await events.next()
    return done === true ? null : value
  }
  const added: Array<StorePath> = []
  let event = await next()
  const archive = async function* (): AsyncGenerator<Uint8Array, void> {
    for (; event?._tag === 'nar'; event = await next()) {
      yield event.bytes
    }
  }
  const infoAfter = (): ExportInfo => {
    if (event?._tag !== 'info') {
      throw new RemoteError('an export ends before the information about its archive')
    }
    return event.info
  }
  while (event !== null) {
    added.push(await adding.exported(archive(), infoAfter, keep))
    event = await next()
  }
  return added
}
