import type { SetOptionsRequest } from '../grammar/operations/set-options.js'

/** The settings that the `nix` command sends by default. */
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
