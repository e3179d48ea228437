import { createRequire } from 'node:module'

/** What package.json says of this package. */
export const ownPackage = (): { readonly version: string; readonly homepage: string } =>
  createRequire(import.meta.url)('nix-wire/package.json')
