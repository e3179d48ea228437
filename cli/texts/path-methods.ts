import type { ContentAddressMethod } from '../../types/index.js'

/** How a fixed output is hashed, named like Nix's own options. */
export const methods = {
  flat: 'Flat',
  nar: 'NixArchive',
  git: 'Git',
} as const satisfies { readonly [name: string]: ContentAddressMethod }
