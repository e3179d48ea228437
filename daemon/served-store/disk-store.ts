import { checkOptions, usual } from '../../combinators/options.js'
import { nixProtocol } from '../../types/nix-protocol.js'
import type { DiskStore } from './folder-store.js'

export interface DiskStoreOptions {
  /** The store directory of its paths. Default: `/nix/store`. */
  readonly storeDir?: string
}

/**
 * A store in its own folder, which is made if it does not exist. The folder `store` has the files, as in an archive;
 * `info` has the path infos, as ValidPathInfo of protocol 1.38, which `nix-wire decode` shows. A path is valid if its
 * info exists. The info is written last and deleted first, so that a process that dies leaves no incomplete path.
 *
 * ```ts no-run
 * import { diskStore, serveAt, storeHandlers } from 'nix-wire/daemon'
 *
 * const store = await diskStore('/srv/my-store')
 * await serveAt('/run/my-store/socket', storeHandlers(store), { trusted: true })
 * ```
 *
 * Nothing is synchronised to the disk: after a power failure the last changes may be lost.
 *
 * It rejects with Node's errors; with an Error for a folder that is in use, that has other files, or that is a store
 * of another store directory; and with a TypeError or a RangeError for invalid options.
 */
export const diskStore = async (dir: string, options: DiskStoreOptions = {}): Promise<DiskStore> => {
  checkOptions('diskStore', { storeDir: usual.storeDir }, options)
  const { storeDir } = nixProtocol(options)
  const { openFolder } = await import('./folder-store.js')
  return openFolder(dir, storeDir)
}
