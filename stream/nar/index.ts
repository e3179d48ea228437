export * from './files.js'
export * from './portable.js'
