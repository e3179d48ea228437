import { encodeBase64 } from '../../bytes/base64.js'
import type { Protocol } from '../../combinators/protocol.js'
import type { TextMaker, TextPiece, TextsOf } from '../../combinators/text-format.js'
import { type PieceEdit, pieceEdits } from './pieces.js'
import { below, oneOf, type Random } from './random.js'

/** How the texts of a format are composed, as data: a generator follows it, and one place can be broken. */
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
  new Writing(protocol, random, null, 'part').write(tree)

/** What to break in a text: a part of any kind, a letter of a part, or the number of repetitions. */
export type Breakage = 'part' | 'letter' | 'count'

/** The nodes of a tree that can be broken in this way. */
export const breakable = (tree: TextTree, what: Breakage): ReadonlyArray<TextTree> => {
  const found = new Set<TextTree>()
  const visit = (each: TextTree): void => {
    const isOne =
      what === 'part' ? each._tag !== 'mapped' : each._tag === (what === 'letter' ? 'pattern' : 'many')
    if (isOne) {
      found.add(each)
    }
    partsOf(each).forEach(visit)
  }
  visit(tree)
  return [...found]
}

/** A text of the tree that is broken in one place; it may still be valid in the format. */
export const brokenTextOf = (tree: TextTree, what: Breakage, protocol: Protocol, random: Random): string => {
  const nodes = breakable(tree, what)
  // A choice or a chain is broken as often as one of its many parts.
  const tag = oneOf([...new Set(nodes.map(({ _tag }) => _tag))], random)
  const target = oneOf(
    nodes.filter(({ _tag }) => _tag === tag),
    random,
  )
  return new Writing(protocol, random, target ?? null, what).write(tree)
}

const partsOf = (tree: TextTree): ReadonlyArray<TextTree> => {
  switch (tree._tag) {
    case 'pattern':
      return []
    case 'joined':
      return tree.parts
    case 'oneOf':
      return tree.texts
    case 'many':
    case 'mapped':
      return [tree.text]
  }
}

const leadsTo = (tree: TextTree, target: TextTree): boolean =>
  tree === target || partsOf(tree).some((part) => leadsTo(part, target))

/** The number of items of a collection that is not exceeded without need. */
const usualItems = 4
const usualCharacters = 12
const mostCharacters = 300

/** Writes one text; one node of the tree is broken, the first time it is reached. */
class Writing {
  readonly #protocol: Protocol
  readonly #random: Random
  readonly #what: Breakage
  #broken: TextTree | null

  constructor(protocol: Protocol, random: Random, broken: TextTree | null, what: Breakage) {
    this.#protocol = protocol
    this.#random = random
    this.#broken = broken
    this.#what = what
  }

  write(tree: TextTree): string {
    const isBroken = tree === this.#broken
    if (isBroken) {
      this.#broken = null
    }
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
        const wrong = this.#what === 'count' ? max + 1 : Math.max(0, min - 1)
        const count = isBroken ? wrong : min + below(most - min + 1, this.#random)
        return join(Array.from({ length: count }, () => this.write(text)))
      }
      case 'mapped':
        return tree.change(this.write(tree.text))
    }
  }

  /** The alternative that leads to the broken node, if there is one. */
  #one(trees: ReadonlyArray<TextTree>): TextTree {
    const target = this.#broken
    const leading = target === null ? [] : trees.filter((tree) => leadsTo(tree, target))
    return oneOf(leading.length === 0 ? trees : leading, this.#random)!
  }

  /** A part left out, a part twice, or two neighbours exchanged. */
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

  /** The parts of one alternative, with one of another; null if they have no parts in common. */
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
      pieceEdits(piece, this.#protocol).filter(
        ({ kind }) => (kind === 'letter') === (this.#what === 'letter'),
      ),
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
