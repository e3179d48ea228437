declare const hint: unique symbol

/** What nothing is: the compiler shows the reason, or what to write instead. */
export type Refused<Reason extends string> = { readonly [hint]: Reason }

/** Whether the compiler does not know which one it is. */
export type IsWide<M> = number extends M ? true : bigint extends M ? true : string extends M ? true : false
