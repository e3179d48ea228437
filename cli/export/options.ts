import type { Protocol } from '../../combinators/protocol.js'
import { newestVersion } from '../../types/nix-protocol.js'
import { protocolOf } from '../protocol-options.js'

export interface ExportOptions {
  readonly storeDir: string
}

/** The protocol of the values in an export. */
export const exportProtocol = ({ storeDir }: ExportOptions): Protocol =>
  protocolOf({ protocol: newestVersion, feature: [], storeDir })
