// The package has declarations, but its `exports` hide them from TypeScript.
declare module 'binary-parser' {
  interface Options {
    readonly length?: string
    readonly assert?: number
    readonly encoding?: string
    readonly type?: Parser
    readonly formatter?: (item: never) => unknown
  }

  export class Parser {
    endianness(order: 'little' | 'big'): this
    uint32(name: string, options?: Options): this
    uint64(name: string, options?: Options): this
    string(name: string, options: Options): this
    array(name: string, options: Options): this
    nest(name: string, options: Options): this
    seek(offset: (this: never) => number): this
    parse(bytes: Uint8Array): { readonly items: unknown }
  }
}
