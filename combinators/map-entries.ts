/**
 * The entries of a Map by the engine's own iterator: a subclass may have another, endless one. They are copied before
 * any of them is read, so that reading cannot add to them.
 */
export const entriesOf = <K, V>(map: ReadonlyMap<K, V>): ReadonlyArray<readonly [K, V]> => [
  ...(Map.prototype.entries.call(map) as IterableIterator<[K, V]>),
]
