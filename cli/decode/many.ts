import { isLeft } from 'fp-ts/lib/Either.js'
import { isNone } from 'fp-ts/lib/Option.js'
import { RecentBytes } from '../../bytes/recent.js'
import type { Grammar } from '../../combinators/node.js'
import type { Protocol } from '../../combinators/protocol.js'
import type { Profile } from '../../interpreters/compile/index.js'
import { NixReader } from '../../stream/nix-reader.js'
import { bytesOfFile, type FormOptions } from '../bytes-form.js'
import { unpacked } from '../compression/unpacked.js'
import { Failure } from '../failure.js'
import type { Show } from '../json-form.js'
import { write } from '../terminal.js'
import { wrongBytes } from './wrong.js'

// Few large writes are faster than many small ones, but a reader at the other end should not wait for them.
const batchSize = 65536

/** Prints consecutive values, one line each. */
export const decodeMany = async (
  grammar: Grammar<unknown>,
  file: string,
  agreed: Protocol,
  profile: Profile,
  show: Show,
  form: FormOptions,
): Promise<void> => {
  const recent = new RecentBytes()
  const reader = new NixReader(recent.through(unpacked(bytesOfFile(file, form), file, true)), {
    protocol: agreed,
    profile,
  })
  let lines = ''
  for (;;) {
    const start = reader.offset
    const value = await reader.tryReadValue(grammar)()
    if (isLeft(value)) {
      await write(lines)
      throw value.left._tag === 'SourceFailed' ? value.left.cause : wrongBytes(value.left, recent.excerpt)
    }
    if (isNone(value.right)) {
      await write(lines)
      return
    }
    if (reader.offset === start) {
      throw new Failure(2, 'a type that takes no bytes under this protocol cannot be read many times')
    }
    lines += `${show(value.right.value, 0)}\n`
    if (lines.length > batchSize || reader.buffer.length === 0) {
      await write(lines)
      lines = ''
    }
  }
}
