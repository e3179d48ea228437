import { encodeEscaped } from '../bytes/escaped.js'

/** The SHA-256 of bytes. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array

/** Another question of a computation: the answer, or a promise of it. */
type Question = () => unknown

/** A calculation that asks: each time it stops, it wants the SHA-256 of what it gives, or an answer. */
export type Hashing<A> = Generator<Uint8Array | Question, A, unknown>

/** The SHA-256 of bytes or of a text, inside a computation. */
export function* sha256Of(data: Uint8Array | string): Hashing<Uint8Array> {
  return (yield typeof data === 'string' ? encodeEscaped(data) : data) as Uint8Array
}

/** The answer to a question, inside a computation. */
export function* answerOf<A>(ask: () => A | Promise<A>): Hashing<A> {
  return (yield ask) as A
}

/** Runs a computation synchronously. */
export const hashNow = <A>(hashing: Hashing<A>, sha256: Sha256): A => {
  let step = hashing.next()
  while (step.done !== true) {
    step = hashing.next(typeof step.value === 'function' ? step.value() : sha256(step.value))
  }
  return step.value
}

type WebCrypto = typeof crypto.subtle

/**
 * WebCrypto.
 *
 * @throws TypeError if there is none: browsers have it only on pages of https and of localhost.
 */
export const webCrypto = (): WebCrypto => {
  const subtle = (globalThis as { readonly crypto?: { readonly subtle?: WebCrypto } }).crypto?.subtle
  if (subtle === undefined) {
    throw new TypeError('there is no WebCrypto here: a page has it if it comes over https or from localhost')
  }
  return subtle
}

/** Runs a computation with the SHA-256 of WebCrypto, which exists in every browser, in Node, Deno and Bun. */
export const hashLater = async <A>(hashing: Hashing<A>): Promise<A> => {
  let step = hashing.next()
  while (step.done !== true) {
    const { value } = step
    step = hashing.next(
      typeof value === 'function'
        ? await value()
        : new Uint8Array(await webCrypto().digest('SHA-256', value as Uint8Array<ArrayBuffer>)),
    )
  }
  return step.value
}

interface NodeCrypto {
  readonly createHash: (name: string) => { update(bytes: Uint8Array): { digest(): Uint8Array } }
}

interface WithModules {
  readonly process?: { readonly getBuiltinModule?: (name: string) => unknown }
}

/** A module of Node; undefined elsewhere. It is looked up at run time, so that no bundler includes it. */
export const builtin = <Module>(name: string): Module | undefined =>
  (globalThis as WithModules).process?.getBuiltinModule?.(name) as Module | undefined

/**
 * The given SHA-256, or Node's.
 *
 * @throws TypeError if there is neither: WebCrypto is asynchronous, so only the functions in `tasks` can use it.
 */
export const synchronous = (given: Sha256 | undefined): Sha256 => {
  if (given !== undefined) {
    return given
  }
  const node = builtin<NodeCrypto>('node:crypto')
  if (node === undefined) {
    throw new TypeError('there is no SHA-256 here that answers at once: give one as sha256, or use tasks')
  }
  return (bytes) => new Uint8Array(node.createHash('sha256').update(bytes).digest())
}
