import { ownPackage } from './own-package.js'

/** The version of this package. */
export const ownVersion = (): string => ownPackage().version
