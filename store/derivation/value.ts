import { compareTexts } from '../../bytes/order.js'
import type { BasicDerivation } from '../../grammar/derivation.js'
import type { OutputName, StorePath } from '../../types/index.js'

/** Outputs of a derivation, and outputs of those that are themselves derivations (`dynamic`). */
export interface InputOutputs {
  readonly outputs: ReadonlyArray<OutputName>
  /** The outputs of outputs (experimental feature dynamic-derivations). */
  readonly dynamic: ReadonlyMap<OutputName, InputOutputs>
}

/** A derivation as in its file: a {@link BasicDerivation}, and its input derivations. */
export interface Derivation extends BasicDerivation {
  readonly inputDrvs: ReadonlyMap<StorePath, InputOutputs>
}

/**
 * A derivation without its input derivations, to send to a daemon. To build it, the outputs of these derivations must
 * be among `inputSrcs`: add them there, or pass them here.
 */
export const basicDerivationOf = (
  { inputDrvs: _, ...basic }: Derivation,
  outputs: ReadonlyArray<StorePath> = [],
): BasicDerivation =>
  outputs.length === 0
    ? basic
    : { ...basic, inputSrcs: [...new Set([...basic.inputSrcs, ...outputs])].sort(compareTexts) }

const sortedMap = <K extends string, A>(map: ReadonlyMap<K, A>): ReadonlyMap<K, A> =>
  new Map([...map].sort(([a], [b]) => compareTexts(a, b)))

const sortedOutputs = ({ outputs, dynamic }: InputOutputs): InputOutputs => ({
  outputs: [...outputs].sort(compareTexts),
  dynamic: new Map([...sortedMap(dynamic)].map(([name, each]) => [name, sortedOutputs(each)])),
})

/** The same derivation with its sets and maps in Nix's order. */
export const sortedDerivation = (derivation: Derivation): Derivation => ({
  ...derivation,
  outputs: sortedMap(derivation.outputs),
  inputDrvs: new Map(
    [...sortedMap(derivation.inputDrvs)].map(([path, outputs]) => [path, sortedOutputs(outputs)]),
  ),
  inputSrcs: [...derivation.inputSrcs].sort(compareTexts),
  env: sortedMap(derivation.env),
})
