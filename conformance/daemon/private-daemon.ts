import { chmod, mkdir, mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CommandTarget } from '../../daemon/transport-types.js'

/** A daemon whose store, state and settings lie in a folder of its own. */
export interface PrivateDaemon {
  /** The program, started again for each connection, so that its end can be observed. */
  readonly target: CommandTarget
  readonly storeDir: string
  /** Removes the folder. */
  close(): Promise<void>
}

// Builds need no sandbox, no other users, and no substituters.
const settings = `sandbox = false
build-users-group =
builders =
substituters =
fsync-metadata = false
experimental-features = nix-command ca-derivations
`

/** Makes the folder for a program such as `nix-daemon`. It knows nothing of the caller's own Nix. */
export const privateDaemon = async (program: string, conf = ''): Promise<PrivateDaemon> => {
  // Nix rejects a store path that contains a symbolic link.
  const dir = await realpath(await mkdtemp(join(tmpdir(), 'nix-wire-')))
  for (const part of ['store', 'var', 'log', 'etc', 'tmp', 'home']) {
    await mkdir(join(dir, part))
  }
  await writeFile(join(dir, 'etc', 'nix.conf'), settings + conf)
  const storeDir = join(dir, 'store')
  const { PATH } = process.env
  return {
    storeDir,
    target: {
      command: [program, '--stdio'],
      env: {
        ...(PATH === undefined ? {} : { PATH }),
        HOME: join(dir, 'home'),
        TMPDIR: join(dir, 'tmp'),
        LANG: 'C.UTF-8',
        NIX_REMOTE: 'local',
        NIX_STORE_DIR: storeDir,
        NIX_STATE_DIR: join(dir, 'var'),
        NIX_LOG_DIR: join(dir, 'log'),
        NIX_CONF_DIR: join(dir, 'etc'),
        NIX_USER_CONF_FILES: '',
      },
    },
    close: () => removeStore(dir),
  }
}

/** Paths in a store are read-only, folders too. */
const removeStore = async (dir: string): Promise<void> => {
  const open = async (folder: string): Promise<void> => {
    await chmod(folder, 0o755)
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (entry.isDirectory()) {
        await open(join(folder, entry.name))
      }
    }
  }
  await open(dir)
  await rm(dir, { recursive: true, force: true })
}
