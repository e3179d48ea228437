import type { PlainPathInfo } from '../workloads/w1.js'

/** Another library, used as documented, on messages that are a list of path infos. */
export interface Peer {
  readonly name: string
  readonly version: string
  readonly note?: string
  /** How many times faster nix-wire should be, on the same work. */
  readonly aheadBy?: { readonly decode?: number; readonly encode?: number }
  readonly decode?: (message: Uint8Array) => unknown
  readonly encode?: (value: readonly PlainPathInfo[]) => Uint8Array
  /** For a form of its own: how it writes a message, what it should read back, and how to compare that. */
  readonly own?: {
    readonly write: (value: readonly PlainPathInfo[]) => Uint8Array
    readonly value: (value: readonly PlainPathInfo[]) => unknown
    readonly plain: (decoded: unknown) => unknown
  }
}

export const padded = (size: number): number => (size + 7) & ~7
