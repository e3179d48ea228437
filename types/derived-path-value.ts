import type { OutputsSpec } from './outputs-spec.js'
import type { StorePath } from './store-path.js'
import type { OutputName } from './store-path-name.js'

/** The store path itself, even if it is a derivation. */
export interface OpaquePath {
  readonly _tag: 'Opaque'
  readonly path: StorePath
}

/** One output of a derivation, which may itself be the output of another derivation. */
export interface SingleBuiltPath {
  readonly _tag: 'Built'
  readonly drvPath: SingleDerivedPath
  readonly output: OutputName
}

/**
 * A store path, or the output of a derivation that will be one.
 *
 * Source: the reference implementation (experimental feature dynamic-derivations); the specification has no nested
 * form.
 */
export type SingleDerivedPath = OpaquePath | SingleBuiltPath

/** Some or all outputs of a derivation. */
export interface BuiltPath {
  readonly _tag: 'Built'
  readonly drvPath: SingleDerivedPath
  readonly outputs: OutputsSpec
}

/** How deep derivations that are outputs of derivations may be nested. */
export const maxDerivedPathDepth = 64
