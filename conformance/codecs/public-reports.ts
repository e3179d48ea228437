import type { VectorFlag } from '../../vectors/flags.js'

/** Addresses of public reports or fixes of such mistakes. */
export const vectorReports: { readonly [F in VectorFlag]?: ReadonlyArray<string> } = {
  limit: ['https://github.com/NixOS/nix/pull/16398'],
  constant: ['https://github.com/NixOS/nix/pull/11492'],
  value: ['https://github.com/nix-community/harmonia/pull/1073'],
  'out-of-order': ['https://github.com/nix-community/go-nix/pull/42'],
  'duplicate-key': ['https://github.com/nix-community/harmonia/pull/1073'],
}
