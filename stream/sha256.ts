import type { Hash } from 'node:crypto'

/** A new SHA-256. Node takes milliseconds to load the module for it, so that is loaded with the first one. */
export const sha256 = (): Hash => process.getBuiltinModule('node:crypto').createHash('sha256')
