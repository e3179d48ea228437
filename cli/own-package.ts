import { createRequire } from 'node:module'

/** The package.json of this package. */
export const ownPackage = (): { readonly version: string; readonly homepage: string } =>
  createRequire(import.meta.url)('nix-wire/package.json')

/** The address of a page of docs/, which the package does not contain, where package.json says that the project is. */
export const pageAddress = (page: string): string =>
  `${ownPackage().homepage.replace(/#.*$/, '')}/blob/main/docs/${page}`
