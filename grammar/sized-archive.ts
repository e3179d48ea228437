import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { type Grammar, named } from '../combinators/node.js'
import { imap } from '../combinators/structures/imap.js'
import type { Nar } from './nar.js'
import { narSizeOf, narSizeRule } from './nar-size.js'
import { total } from './total.js'

interface Sized {
  readonly info: { readonly info: { readonly narSize: bigint } }
  readonly nar: Nar
}

/** A path info and its archive, which must have `narSize` bytes. */
export const sizedArchive = <A extends Sized>(name: string, item: Grammar<A>): Grammar<A> => {
  const ofItsSize = (value: A): Either<string, A> => {
    const { narSize } = value.info.info
    return BigInt(narSizeOf(value.nar.root)) === narSize ? right(value) : left(narSizeRule(narSize))
  }
  const nearest = (value: A): A => ({
    ...value,
    info: { ...value.info, info: { ...value.info.info, narSize: BigInt(narSizeOf(value.nar.root)) } },
  })
  return named(name, imap(item, ofItsSize, total('a path info and its archive', ofItsSize), { nearest }))
}
