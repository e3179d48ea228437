import { createRequire } from 'node:module'

/** The package.json of this package. */
export const ownPackage = (): { readonly version: string; readonly homepage: string } =>
  createRequire(import.meta.url)('nix-wire/package.json')
