import { type Grammar, grammarOf, nodeOf } from '../node.js'

/**
 * A value cut into frames: the length of a frame as a {@link u64} below 2^32, that many bytes without padding, and
 * so on; a length of 0 ends it. Frames may be cut anywhere, inside an integer too.
 *
 * ```ts
 * import { bytesOf, compile, framed, u64 } from 'nix-wire'
 *
 * const codec = compile(framed(u64), {})
 * codec.decode(bytesOf('0300000000000000 070000 0500000000000000 0000000000 0000000000000000'))
 * // => { _tag: 'Right', right: 7n }
 * codec.encode(7n) // => { _tag: 'Right', right: bytesOf('0800000000000000 0700000000000000 0000000000000000') }
 * ```
 *
 * This form holds the whole content in memory; for content of any length read the frames as a stream. The encoder
 * cuts frames of 64 KiB. Issues: `FramesEnd` where the frames end inside the value; `LimitExceeded` for a frame
 * over the frame limit, or content over the string limit; in the canonical profile `TrailingBytes` for content
 * behind the value and `NotCanonical` for frames cut otherwise; the compatible one drops such content. An offset
 * inside the value counts the frame headers too: it is that of the byte in the message.
 */
export const framed = <A>(grammar: Grammar<A>): Grammar<A> =>
  grammarOf<A>({ _tag: 'framed', inner: nodeOf('what is framed', grammar) })
