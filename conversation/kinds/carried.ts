import { expectGrammar, expectName, expectNames, expectObject } from '../../combinators/expect.js'
import type { AnyGrammar, Grammar } from '../../combinators/node.js'
import { checkOptions, elsewhere, flag, type OptionChecks } from '../../combinators/options.js'
import { expectKey, expectSide, flowNode, placeOf } from '../expect.js'
import {
  type AnyFlow,
  type ClientOf,
  type FailuresOf,
  type Flow,
  flowOf,
  type MenuOf,
  type ServerOf,
} from '../flow.js'
import type { Frames, Pieces, Side } from '../node.js'
import type { None, Streamed, Together } from '../said.js'
import type { Says } from './says.js'

/** The options of {@link inFrames}. */
export interface FramesOptions {
  /** Whether the other side may leave the frames unread if it rejects them meanwhile. */
  readonly unread?: boolean
  /**
   * The message in place of a length if this side gives up in the middle: a length that no frame has. Without it, the
   * end of the connection may be taken for that of the bytes.
   */
  readonly brokenOff?: { readonly grammar: AnyGrammar; readonly value: unknown }
}

const framesChecks: OptionChecks<FramesOptions> = {
  unread: flag,
  brokenOff: (what, value) => {
    expectNames(what, value, 'field', ['grammar', 'value'])
    expectGrammar(`the grammar of ${what}`, (value as NonNullable<Frames['brokenOff']>).grammar)
  },
}

/**
 * A flow of one side that is cut into frames. Each frame is a length and that many bytes; a length of 0 ends the
 * frames. The content is itself a flow with its own messages.
 *
 * ```ts
 * import { size, struct, u64 } from 'nix-wire/combinators'
 * import { inFrames, loop, says, sequence } from 'nix-wire/conversation'
 *
 * const Leaf = struct('Leaf', { grams: u64 })
 * const leaves = sequence(says('client', 'count', size), loop('leaves', says('client', 'leaf', Leaf), { times: 'count' }))
 * inFrames('client', 'bag', size, leaves)
 * ```
 *
 * @throws TypeError for messages of the other side inside, and for `again` of a loop outside.
 */
export const inFrames = <const D extends Side, const K extends string>(
  side: D,
  key: K,
  length: Grammar<number>,
  inner: AnyFlow,
  options: FramesOptions = {},
): Says<D, K, Streamed> => {
  expectSide('the side of inFrames', side)
  expectKey('inFrames', key)
  expectGrammar(`the length of the frames of ${key}`, length)
  checkOptions('inFrames', framesChecks, options)
  const { unread = false, brokenOff = null } = options
  return flowOf({
    _tag: 'carried',
    side,
    key,
    inner: flowNode(`what ${key} carries`, inner),
    way: { _tag: 'frames', length, brokenOff },
    unread,
  })
}

/** The options of {@link inPieces}. */
export interface PiecesOptions<Of extends string = string> {
  /** The place of a piece in `over`. */
  readonly of: Of
  /** The fields around a piece, if it is one of several. */
  readonly wrapped?: object
  /**
   * How the other side requests a piece, if it must: the key, the fields of the request, and the field with the most
   * bytes.
   */
  readonly asks?: { readonly key: string; readonly value: object; readonly size: string }
}

const piecesChecks: OptionChecks<PiecesOptions> = {
  of: elsewhere,
  wrapped: expectObject,
  asks: (what, value) => {
    expectNames(what, value, 'field', ['key', 'value', 'size'])
    const { key, value: fields, size } = value as NonNullable<Pieces['asks']>
    expectName(`the key of ${what}`, key)
    expectObject(`the value of ${what}`, fields)
    expectName(`the size of ${what}`, size)
  },
}

type Itself<D extends Side, K extends string, Mine extends Side> = D extends Mine
  ? { readonly [N in K]: Streamed }
  : None

/**
 * A flow of one side that is cut into pieces, which are messages of another flow: the answers to requests of the
 * other side, or a field of a repeated message.
 *
 * ```ts
 * import { paddedBytes, tagged, u8, u32 } from 'nix-wire/combinators'
 * import { again, blob, branch, inPieces, loop, nothing, says, sequence } from 'nix-wire/conversation'
 *
 * const Ask = tagged('is', u8, { More: [0, { most: u32 }], Enough: [1, {}] })
 * const asking = sequence(
 *   says('server', 'ask', Ask),
 *   branch('ask.is', {
 *     More: sequence(says('client', 'piece', paddedBytes, { atMost: 'ask.most' }), again('asking')),
 *     Enough: nothing,
 *   }),
 * )
 * inPieces('client', 'photo', blob('client', 'pixels'), loop('asking', asking), {
 *   of: 'piece',
 *   asks: { key: 'ask', value: { is: 'More' }, size: 'most' },
 * })
 * ```
 *
 * @throws TypeError if that side sends no bytes at `of`, and for the reasons of {@link inFrames}.
 */
export const inPieces = <
  const D extends Side,
  const K extends string,
  X extends AnyFlow,
  const Of extends string,
>(
  side: D,
  key: K,
  inner: AnyFlow,
  over: X,
  options: PiecesOptions<Of>,
): Flow<
  Together<Omit<ClientOf<X>, Of> | Itself<D, K, 'client'>>,
  Together<Omit<ServerOf<X>, Of> | Itself<D, K, 'server'>>,
  MenuOf<X>,
  FailuresOf<X>
> => {
  expectSide('the side of inPieces', side)
  expectKey('inPieces', key)
  checkOptions<PiecesOptions>('inPieces', piecesChecks, options)
  const { of, wrapped = null, asks = null } = options
  return flowOf({
    _tag: 'carried',
    side,
    key,
    inner: flowNode(`what ${key} carries`, inner),
    way: {
      _tag: 'pieces',
      over: flowNode(`what the pieces of ${key} are in`, over),
      of: placeOf(`the place of the pieces of ${key}`, of),
      wrapped,
      asks,
    },
    unread: false,
  })
}
