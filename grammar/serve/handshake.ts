import { type Grammar, summarised } from '../../combinators/node.js'
import { literal } from '../../combinators/primitives/fixed.js'
import { struct } from '../../combinators/structures/struct.js'
import type { ProtocolVersion as Version } from '../../combinators/version.js'
import { Int, ProtocolVersion } from '../integers.js'

/** The first word of a client: a server answers it, and then reads the version. */
export const ServeClientMagic = struct('ServeClientMagic', { magic: literal(Int, 0x390c9deb) })

/**
 * The first message of a client: the magic 0x390c9deb, and the newest version that it speaks.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { ServeClientHello } from 'nix-wire/serve'
 *
 * compile(ServeClientHello).encode({ version: '2.7' })
 * // => { _tag: 'Right', right: bytesOf('eb9d0c3900000000 0702000000000000') }
 * ```
 *
 * Versions: all. Issues: `UnexpectedValue` for another magic, those of ProtocolVersion. Source: the reference
 * implementation.
 */
export const ServeClientHello: Grammar<ServeClientHello> = summarised(
  'the first message of a client',
  struct('ServeClientHello', { ...ServeClientMagic.fields, version: ProtocolVersion }),
)
export interface ServeClientHello {
  readonly version: Version
}

/**
 * The first message of a server: the magic 0x5452eecb, and the newest version that it speaks.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { ServeServerHello } from 'nix-wire/serve'
 *
 * compile(ServeServerHello).decode(bytesOf('cbee525400000000 0502000000000000'))
 * // => { _tag: 'Right', right: { version: '2.5' } }
 * ```
 *
 * Versions: all. Issues: `UnexpectedValue` for another magic, those of ProtocolVersion. Source: the reference
 * implementation.
 */
export const ServeServerHello: Grammar<ServeServerHello> = summarised(
  'the first message of a server',
  struct('ServeServerHello', { magic: literal(Int, 0x5452eecb), version: ProtocolVersion }),
)
export interface ServeServerHello {
  readonly version: Version
}
