import * as t from 'io-ts'
import type { Protocol } from '../combinators/protocol.js'
import { nixProtocol } from '../types/nix-protocol.js'
import type { NixJson } from './json.js'
import type { Codec } from './parts.js'

/**
 * An io-ts codec between the JSON of Nix and a value. It decodes the result of `JSON.parse`, and for integers above
 * 2^53 that of `parseJson`. `encode` throws a TypeError for a value that has no such JSON.
 */
export class NixJsonType<A> extends t.Type<A, NixJson, unknown> {
  readonly protocol: Protocol
  readonly #make: (protocol: Protocol) => Codec<A>

  /** @internal */
  constructor(name: string, make: (protocol: Protocol) => Codec<A>, agreed: Protocol = nixProtocol()) {
    const { is, validate, encode } = make(agreed)
    super(name, is, validate, encode)
    this.protocol = agreed
    this.#make = make
  }

  /**
   * The same type under another protocol: another store directory, or another version if the values depend on it.
   *
   * @throws RangeError if the version or the store directory is malformed.
   */
  under(given: Partial<Protocol>): NixJsonType<A> {
    return new NixJsonType(this.name, this.#make, nixProtocol({ ...this.protocol, ...given }))
  }
}
