import { nixWire, type Ran, spawnNixWire } from './cli.js'

export const spawnNar = (args: ReadonlyArray<string>, env: NodeJS.ProcessEnv = {}) =>
  spawnNixWire(['nar', ...args], env)

/** Runs `nix-wire nar`. */
export const runNar = (args: ReadonlyArray<string>, stdin: Uint8Array | string = ''): Promise<Ran> =>
  nixWire(['nar', ...args], stdin)
