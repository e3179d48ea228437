import { encodeBase64 } from '../../bytes/base64.js'
import type { Protocol } from '../../combinators/protocol.js'
import type { TextMaker, TextPiece, TextsOf } from '../../combinators/text-format.js'
import { type PieceEdit, pieceEdits } from './pieces.js'
import { below, oneOf, type Random } from './random.js'

/** How the texts of a format come about, as data: what a generator follows, and what can be broken in one place. */
export type TextTree =
  | { readonly _tag: 'pattern'; readonly pieces: ReadonlyArray<TextPiece> }
  | { readonly _tag: 'joined'; readonly parts: ReadonlyArray<TextTree> }
  | { readonly _tag: 'oneOf'; readonly texts: ReadonlyArray<TextTree> }
  | {
      readonly _tag: 'many'
      readonly text: TextTree
      readonly min: number
      readonly max: number
      readonly join: (texts: ReadonlyArray<string>) => string
    }
  | { readonly _tag: 'mapped'; readonly text: TextTree; readonly change: (text: string) => string }

const maker: TextMaker<TextTree> = {
  pattern: (pieces) => ({ _tag: 'pattern', pieces }),
  joined: (...parts) => ({
    _tag: 'joined',
    parts: parts.map((part) =>
      typeof part === 'string' ? { _tag: 'pattern', pieces: [{ _tag: 'literal', text: part }] } : part,
    ),
  }),
  oneOf: (...texts) => ({ _tag: 'oneOf', texts }),
  many: (text, min, max, join) => ({ _tag: 'many', text, min, max, join }),
  mapped: (text, change) => ({ _tag: 'mapped', text, change }),
}

export const textTree = (texts: TextsOf, protocol: Protocol): TextTree => texts(maker, protocol)

/** A text of the tree. */
export const textOf = (tree: TextTree, protocol: Protocol, random: Random): string =>
  new Writing(protocol, random, null).write(tree)

/** A text of the tree that breaks it in one place, or in one letter; it may be one of the format all the same. */
export const brokenTextOf = (
  tree: TextTree,
  kind: PieceEdit['kind'],
  protocol: Protocol,
  random: Random,
): string => {
  const counting = new Writing(protocol, random, null)
  counting.write(tree)
  // A chain of many names is broken as such as often as one of the names is.
  const places = [...counting.places].filter(([tag]) => kind === 'text' || tag === 'pattern')
  const [tag, count] = oneOf(places, random) ?? ['pattern', 0]
  return new Writing(protocol, random, { tag, place: below(count, random), kind }).write(tree)
}

/** Of the places of one kind that with this number, from 0. */
interface Place {
  readonly tag: TextTree['_tag']
  readonly place: number
  readonly kind: PieceEdit['kind']
}

/** More items of one collection than this are not made where they need not be. */
const usualItems = 4
const usualCharacters = 12
const mostCharacters = 300

/** Writes one text; one place may become wrong. */
class Writing {
  readonly places = new Map<TextTree['_tag'], number>()
  readonly #protocol: Protocol
  readonly #random: Random
  readonly #broken: Place | null

  constructor(protocol: Protocol, random: Random, broken: Place | null) {
    this.#protocol = protocol
    this.#random = random
    this.#broken = broken
  }

  write(tree: TextTree): string {
    const isBroken = this.#isBroken(tree._tag)
    switch (tree._tag) {
      case 'pattern':
        return this.#pattern(tree.pieces, isBroken)
      case 'joined': {
        const parts = tree.parts.map((part) => this.write(part))
        return (isBroken ? this.#rearranged(parts) : parts).join('')
      }
      case 'oneOf':
        return (isBroken ? this.#mixed(tree.texts) : null) ?? this.write(this.#one(tree.texts))
      case 'many': {
        const { text, min, max, join } = tree
        const most = Math.min(max, min + usualItems)
        const wrong = min > 0 && below(2, this.#random) === 0 ? min - 1 : max + 1
        const count = isBroken ? wrong : min + below(most - min + 1, this.#random)
        return join(Array.from({ length: count }, () => this.write(text)))
      }
      case 'mapped':
        return tree.change(this.write(tree.text))
    }
  }

  /** A text that is mapped has no parts of its own. */
  #isBroken(tag: TextTree['_tag']): boolean {
    const place = this.places.get(tag) ?? 0
    if (tag !== 'mapped') {
      this.places.set(tag, place + 1)
    }
    return this.#broken !== null && this.#broken.tag === tag && this.#broken.place === place
  }

  #one(trees: ReadonlyArray<TextTree>): TextTree {
    return trees[below(trees.length, this.#random)]!
  }

  /** A part left out, a part twice, or two neighbours in each other's place. */
  #rearranged(parts: ReadonlyArray<string>): ReadonlyArray<string> {
    const at = below(parts.length, this.#random)
    const [before, behind] = [parts.slice(0, at), parts.slice(at + 1)]
    switch (below(3, this.#random)) {
      case 0:
        return [...before, ...behind]
      case 1:
        return [...before, parts[at]!, ...parts.slice(at)]
      default:
        return [...before, ...behind.slice(0, 1), parts[at]!, ...behind.slice(1)]
    }
  }

  /** The parts of one alternative, and among them one of another; null where they have no parts in common. */
  #mixed(trees: ReadonlyArray<TextTree>): string | null {
    const joined = trees.flatMap((tree) => (tree._tag === 'joined' ? [tree.parts] : []))
    const own = oneOf(joined, this.#random)
    const other = oneOf(
      joined.filter((parts) => parts !== own && parts.length === own?.length),
      this.#random,
    )
    if (own === undefined || other === undefined) {
      return null
    }
    const at = below(own.length, this.#random)
    return own.map((part, i) => this.write(i === at ? other[i]! : part)).join('')
  }

  #pattern(pieces: ReadonlyArray<TextPiece>, isBroken: boolean): string {
    const texts = pieces.map((piece) => this.#piece(piece))
    const edits = isBroken ? this.#editsOf(pieces) : []
    const found = oneOf(edits, this.#random)
    if (found === undefined) {
      return texts.join('')
    }
    const { at, edit } = found
    const [part, behind] =
      edit.toEnd === true ? [texts.slice(at).join(''), ''] : [texts[at] ?? '', texts.slice(at + 1).join('')]
    return texts.slice(0, at).join('') + (edit.change(part, this.#random) ?? part) + behind
  }

  #editsOf(
    pieces: ReadonlyArray<TextPiece>,
  ): ReadonlyArray<{ readonly at: number; readonly edit: PieceEdit }> {
    const all = pieces.map((piece) =>
      pieceEdits(piece, this.#protocol).filter(({ kind }) => kind === this.#broken?.kind),
    )
    const at = oneOf(
      all.flatMap((edits, i) => (edits.length === 0 ? [] : [i])),
      this.#random,
    )
    return at === undefined ? [] : all[at]!.map((edit) => ({ at, edit }))
  }

  #piece(piece: TextPiece): string {
    switch (piece._tag) {
      case 'literal':
        return piece.text
      case 'storeDir':
        return this.#protocol.storeDir
      case 'chars':
        return this.#characters(piece.alphabet, piece.min, piece.max)
      case 'unless':
        return ''
      case 'oneOf':
        return oneOf(piece.texts, this.#random) ?? ''
      case 'base64': {
        const length = 1 + below(below(4, this.#random) === 0 ? 64 : usualCharacters, this.#random)
        return encodeBase64(Uint8Array.from({ length }, () => this.#random()))
      }
    }
  }

  #characters(alphabet: string, min: number, max: number): string {
    const isLong = below(20, this.#random) === 0
    const most = Math.max(min, Math.min(max, isLong ? mostCharacters : min + usualCharacters))
    const length = isLong ? most : min + below(most - min + 1, this.#random)
    return Array.from({ length }, () => alphabet[below(alphabet.length, this.#random)]!).join('')
  }
}
