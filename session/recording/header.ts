import { type Grammar, summarised, type TypeOf } from '../../combinators/node.js'
import { literal } from '../../combinators/primitives/fixed.js'
import { intUpTo, size, u8 } from '../../combinators/primitives/int.js'
import { utf8 } from '../../combinators/primitives/text.js'
import { enumOf } from '../../combinators/structures/choice.js'
import { listOf } from '../../combinators/structures/sequence.js'
import { struct } from '../../combinators/structures/struct.js'

const Header = struct('PacketHeader', {
  format: literal(u8, 1),
  side: enumOf(u8, { client: 0, server: 1 }),
  event: enumOf(u8, { Bytes: 0, Ended: 1, BrokeOff: 2, Stopped: 3 }),
  offset: size,
  part: enumOf(u8, { Unknown: 0, Whole: 1, First: 2, Middle: 3, Last: 4 }),
  version: intUpTo(0xffff),
  features: listOf(utf8),
  operation: utf8,
  type: utf8,
})

/**
 * The header before the bytes in each packet of a recording. It is encoded like the protocol's own values, so that a
 * dissector can read it too: integers of eight bytes, little endian; texts with their length, padded to eight.
 *
 * ```text
 * 0100000000000000                    format: 1
 * 0100000000000000                    side: 0 the client sent it, 1 the daemon or the server
 * 0000000000000000                    event: 0 bytes, 1 the side ended, 2 it broke off, 3 the recording was stopped
 * 1800000000000000                    offset: how many bytes the side had sent before
 * 0100000000000000                    part: 1 a whole message, 2 its first, 3 a middle, 4 its last bytes; 0 not known
 * 2601000000000000                    version: major << 8 | minor, 1.38 here; 2.x is the serve protocol; 0 where none is agreed on yet
 * 0000000000000000                    features: how many, and each
 * 0b00000000000000 4973 5661 … 00     operation: its name, or that of a command; empty where there is none
 * 0600000000000000 426f 6f6c 3634 …   type: of the message, as `nix-wire decode` takes it; empty where not known
 * ```
 *
 * After it come the bytes of the protocol, up to the end of the packet; none if the event is not 0. The bytes of a
 * side, one packet after the other, are its stream.
 */
export const PacketHeader: Grammar<PacketHeader> = summarised(
  'what stands before the bytes of a packet of a recording',
  Header,
)
export interface PacketHeader extends TypeOf<typeof Header> {}
