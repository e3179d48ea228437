/** A SHA-256 that takes its input in pieces: `Hash` of node:crypto is one, and so are those made for browsers. */
export interface Sha256 {
  update(bytes: Uint8Array): unknown
  digest(): Uint8Array
}

export type NewSha256 = () => Sha256
