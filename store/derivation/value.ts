import { compareTexts } from '../../bytes/order.js'
import type { BasicDerivation } from '../../grammar/derivation.js'
import type { OutputName, StorePath } from '../../types/index.js'

/** Outputs of a derivation; and, where one of them is a derivation itself, outputs of that (`dynamic`). */
export interface InputOutputs {
  readonly outputs: ReadonlyArray<OutputName>
  /** Experimental feature dynamic-derivations. */
  readonly dynamic: ReadonlyMap<OutputName, InputOutputs>
}

/** A derivation as its file has it: what a {@link BasicDerivation} says, and the derivations that it is made from. */
export interface Derivation extends BasicDerivation {
  readonly inputDrvs: ReadonlyMap<StorePath, InputOutputs>
}

/**
 * What a derivation is without the derivations that it is made from, which is what a daemon is sent. Their outputs must be
 * among `inputSrcs` for it to be built; add them there, or give them here.
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

/** The same derivation with its sets and maps in the order in which Nix writes them. */
export const sortedDerivation = (derivation: Derivation): Derivation => ({
  ...derivation,
  outputs: sortedMap(derivation.outputs),
  inputDrvs: new Map(
    [...sortedMap(derivation.inputDrvs)].map(([path, outputs]) => [path, sortedOutputs(outputs)]),
  ),
  inputSrcs: [...derivation.inputSrcs].sort(compareTexts),
  env: sortedMap(derivation.env),
})
