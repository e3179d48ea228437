declare const hint: unique symbol

/** A type that no value has. The compiler shows the reason, or what to write instead. */
export type Refused<Reason extends string> = { readonly [hint]: Reason }

/** True if the compiler knows only `number`, `bigint` or `string`, not the exact value. */
export type IsWide<M> = number extends M ? true : bigint extends M ? true : string extends M ? true : false
