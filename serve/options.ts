import { checkOptions, type OptionChecks, usual, version } from '../combinators/options.js'
import type { ProtocolVersion } from '../combinators/version.js'
import { newestServeVersion } from '../grammar/serve/protocol.js'

/** The options of either side on the protocol. */
export interface ServeSideOptions {
  /** The newest version to speak. Default: 2.8. */
  readonly newest?: ProtocolVersion
  /** The store directory of both sides; it is not sent. Default: `/nix/store`. */
  readonly storeDir?: string
}

const sideChecks: OptionChecks<ServeSideOptions> = { newest: version, storeDir: usual.storeDir }

/**
 * The options with their defaults, and separately those of the conversation. @throws RangeError or TypeError.
 */
export const sideOptionsOf = <O extends ServeSideOptions>(
  of: string,
  checks: OptionChecks<Omit<O, keyof ServeSideOptions>>,
  options: O,
): Required<ServeSideOptions> & { readonly others: Omit<O, keyof ServeSideOptions> } => {
  checkOptions<O>(of, { ...checks, ...sideChecks } as OptionChecks<O>, options)
  const { newest, storeDir, ...others } = options
  const given = {
    ...(newest === undefined ? {} : { newest }),
    ...(storeDir === undefined ? {} : { storeDir }),
  }
  return { newest: newestServeVersion, storeDir: '/nix/store', ...given, others }
}
