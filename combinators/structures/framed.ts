import { expectNoOptions } from '../expect.js'
import { type Grammar, grammarOf, nodeOf } from '../node.js'

/**
 * A value cut into frames. Each frame is its length as a {@link u64} below 2^32, then that many bytes, without
 * padding; a length of 0 ends the frames. Frames may be cut anywhere, even inside an integer.
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
 * The whole content is held in memory; read large content as a stream of frames instead. The encoder cuts frames of
 * 64 KiB.
 *
 * Content after the value: the compatible profile drops it; for the canonical profile it is `TrailingBytes`. An
 * offset inside the value is that of the byte in the message, so it counts the frame lengths too.
 *
 * Issues: `FramesEnd` if the frames end inside the value; `LimitExceeded` for a frame over the frame limit, or
 * content over the string limit; in the canonical profile `NotCanonical` for frames that the encoder would cut
 * differently.
 */
export const framed: <A>(grammar: Grammar<A>) => Grammar<A> = (grammar, ...more: ReadonlyArray<unknown>) => {
  expectNoOptions('framed', more)
  return grammarOf({ _tag: 'framed', inner: nodeOf('what is framed', grammar) })
}
