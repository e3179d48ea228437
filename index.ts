export * from './combinators/index.js'
export * from './interpreters/index.js'
