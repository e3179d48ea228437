import type { Protocol } from '../../combinators/protocol.js'
import { newestVersion } from '../../types/nix-protocol.js'
import { protocolOf } from '../protocol-options.js'

export interface ExportOptions {
  readonly storeDir: string
}

/** What the values of an export are read and written under. */
export const exportProtocol = ({ storeDir }: ExportOptions): Protocol =>
  protocolOf({ protocol: newestVersion, feature: [], storeDir })
