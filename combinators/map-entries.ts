/**
 * The entries of a Map as the engine has them: a subclass may have another iterator, without an end. They are copied
 * before any of them is looked at, so that none can add to them.
 */
export const entriesOf = <K, V>(map: ReadonlyMap<K, V>): ReadonlyArray<readonly [K, V]> => [
  ...(Map.prototype.entries.call(map) as IterableIterator<[K, V]>),
]
