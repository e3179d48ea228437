import type { SetOptionsRequest } from '../grammar/operations/set-options.js'

/** What a client that sets nothing tells the daemon, as the `nix` command does. */
export const defaultSettings: SetOptionsRequest = {
  keepFailed: false,
  keepGoing: false,
  tryFallback: false,
  verbosity: 'Info',
  maxBuildJobs: 1,
  maxSilentTime: 0,
  verboseBuild: false,
  buildCores: 0,
  useSubstitutes: true,
  overrides: new Map(),
}
