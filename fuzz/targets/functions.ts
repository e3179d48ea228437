import { type Either, isLeft } from 'fp-ts/lib/Either.js'
import { callback, checkOptions, type OptionChecks } from '../../combinators/options.js'
import { messageOf } from '../../combinators/show.js'
import type { FuzzOutcome } from '../outcome.js'
import type { Check, FuzzTarget, RunningTarget } from './target.js'

type Awaitable<B> = B | Promise<B>

/** Functions under test. A Left is a rejection, an exception is a crash. */
export interface TargetFunctions<A> {
  readonly decode?: (bytes: Uint8Array) => Awaitable<Either<unknown, A>>
  readonly encode?: (value: A) => Awaitable<Either<unknown, Uint8Array>>
}

const optionChecks: OptionChecks<TargetFunctions<unknown>> = { decode: callback, encode: callback }

const needed: { readonly [C in Check]: ReadonlyArray<'decode' | 'encode'> } = {
  accept: ['decode'],
  value: ['decode'],
  roundtrip: ['decode', 'encode'],
  encode: ['encode'],
}

/**
 * Functions of this process as the target of {@link fuzz}: a decoder, an encoder, or both. A Left is a rejection of
 * the input, an exception is a crash.
 *
 * @throws TypeError for anything but functions.
 */
export const functionTarget = <A>(functions: TargetFunctions<A>): FuzzTarget<A> => {
  checkOptions('functionTarget', optionChecks as OptionChecks<TargetFunctions<A>>, functions)
  return {
    open: async ({ check }) => {
      for (const name of needed[check]) {
        if (functions[name] === undefined) {
          throw new TypeError(`the check ${check} needs the function ${name} of functionTarget`)
        }
      }
      return running(functions, check)
    },
  }
}

const running = <A>({ decode, encode }: TargetFunctions<A>, check: Check): RunningTarget<A> => ({
  capacity: 1,
  decode: (bytes) =>
    outcomeOf(async () => {
      const read = await decode!(bytes.slice())
      if (isLeft(read)) {
        return refused(read.left)
      }
      if (check === 'roundtrip') {
        const written = await encode!(read.right)
        return isLeft(written) ? refused(written.left) : { _tag: 'accepts', bytes: written.right }
      }
      return check === 'value' ? { _tag: 'accepts', read: read.right } : { _tag: 'accepts' }
    }),
  encode: (_, value) =>
    outcomeOf(async () => {
      const written = await encode!(value)
      return isLeft(written) ? refused(written.left) : { _tag: 'accepts', bytes: written.right }
    }),
  close: async () => {},
  kill: () => {},
})

const outcomeOf = async (run: () => Promise<FuzzOutcome>): Promise<FuzzOutcome> => {
  try {
    return await run()
  } catch (error) {
    return {
      _tag: 'crashes',
      how: `throws ${messageOf(error)}`,
      stderr: error instanceof Error ? (error.stack ?? '') : '',
    }
  }
}

const refused = (reason: unknown): FuzzOutcome => {
  const { offset, _tag, expected, actual } =
    typeof reason === 'object' && reason !== null ? (reason as { readonly [key: string]: unknown }) : {}
  return {
    _tag: 'refuses',
    ...(typeof offset === 'number' ? { offset } : {}),
    message:
      typeof _tag === 'string' && typeof expected === 'string'
        ? `${_tag}: expected ${expected}, got ${String(actual)}`
        : messageOf(reason),
  }
}
