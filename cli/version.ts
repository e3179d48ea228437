import { createRequire } from 'node:module'

/** The version of this package. */
export const ownVersion = (): string =>
  (createRequire(import.meta.url)('nix-wire/package.json') as { readonly version: string }).version
