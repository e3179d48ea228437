import type { OutputsSpec } from './outputs-spec.js'
import type { StorePath } from './store-path.js'
import type { OutputName } from './store-path-name.js'

/** A store path that is meant itself, even when it is a derivation. */
export interface OpaquePath {
  readonly _tag: 'Opaque'
  readonly path: StorePath
}

/** The one output of a derivation, which may be an output of a derivation in turn. */
export interface SingleBuiltPath {
  readonly _tag: 'Built'
  readonly drvPath: SingleDerivedPath
  readonly output: OutputName
}

/**
 * One store path, or how to come by it.
 *
 * Source: the reference implementation (experimental feature dynamic-derivations); the specification has no
 * nested form.
 */
export type SingleDerivedPath = OpaquePath | SingleBuiltPath

/** Outputs of a derivation. */
export interface BuiltPath {
  readonly _tag: 'Built'
  readonly drvPath: SingleDerivedPath
  readonly outputs: OutputsSpec
}

/** How deep derivations that are outputs of derivations may be nested. */
export const maxDerivedPathDepth = 64
