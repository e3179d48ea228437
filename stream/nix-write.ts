import { left } from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { Issue } from '../combinators/issue.js'
import type { Grammar } from '../combinators/node.js'
import { paddedBytes } from '../combinators/primitives/bytes.js'
import { u64 } from '../combinators/primitives/int.js'
import { utf8 } from '../combinators/primitives/text.js'
import type { Protocol } from '../combinators/protocol.js'
import type { ProtocolVersion } from '../combinators/version.js'
import { messageOf } from './issue-error.js'
import { settled } from './settled.js'

/** A text, an object with `toString`, or a function that returns a text. */
export type Display = string | (() => string) | { toString(): string }

/** The interface of writers: of {@link NixWriter}, and of {@link MockWriter} for tests. */
export interface NixWrite {
  readonly protocol: Protocol
  readonly version: ProtocolVersion

  /** One integer. */
  writeNumber(value: bigint): TaskEither<Issue, void>

  /** Padded bytes: their length, the bytes, and zeros. */
  writeSlice(bytes: Uint8Array): TaskEither<Issue, void>

  /** A text, in UTF-8, as padded bytes. */
  writeDisplay(value: Display): TaskEither<Issue, void>

  /** One value of a grammar, under the writer's protocol. */
  writeValue<A>(grammar: Grammar<A>, value: A): TaskEither<Issue, void>

  /** Sends the bytes in the buffer, and waits until they are sent. */
  flush(): TaskEither<Issue, void>

  /** The same methods as promises, which reject with an {@link IssueError}. */
  readonly promises: NixWritePromises
}

/** The methods of {@link NixWrite} as promises, which reject with an {@link IssueError}. */
export interface NixWritePromises {
  writeNumber(value: bigint): Promise<void>
  writeSlice(bytes: Uint8Array): Promise<void>
  writeDisplay(value: Display): Promise<void>
  writeValue<A>(grammar: Grammar<A>, value: A): Promise<void>
  flush(): Promise<void>
}

/** The methods of {@link NixWriter} as promises, which reject with an {@link IssueError}. */
export interface NixWriterPromises extends NixWritePromises {
  writeRaw(bytes: Uint8Array): Promise<void>
}

/** A base class of {@link NixWrite} for a writer and its mock. */
export abstract class ValueWriter implements NixWrite {
  #promises: NixWritePromises | undefined

  abstract readonly protocol: Protocol
  /** The number of bytes that have been written. */
  abstract readonly offset: number
  abstract flush(): TaskEither<Issue, void>
  abstract writeValue<A>(grammar: Grammar<A>, value: A): TaskEither<Issue, void>

  /** Writes the text that something printed. */
  protected abstract writeText(text: string): TaskEither<Issue, void>

  get version(): ProtocolVersion {
    return this.protocol.version
  }

  writeNumber(value: bigint): TaskEither<Issue, void> {
    return this.writeValue(u64, value)
  }

  writeSlice(bytes: Uint8Array): TaskEither<Issue, void> {
    return this.writeValue(paddedBytes, bytes)
  }

  writeDisplay(value: Display): TaskEither<Issue, void> {
    return async () => {
      let text: string
      try {
        text = typeof value === 'function' ? value() : value.toString()
      } catch (error) {
        return left({
          _tag: 'Unrepresentable',
          offset: this.offset,
          path: [],
          expected: 'a text, or an object with toString',
          actual: messageOf(error),
          grammar: utf8.node.name ?? 'utf8',
        })
      }
      return this.writeText(text)()
    }
  }

  get promises(): NixWritePromises {
    this.#promises ??= promisesOf(this)
    return this.#promises
  }
}

const promisesOf = (writer: NixWrite): NixWritePromises => ({
  writeNumber: (value) => settled(writer.writeNumber(value)),
  writeSlice: (bytes) => settled(writer.writeSlice(bytes)),
  writeDisplay: (value) => settled(writer.writeDisplay(value)),
  writeValue: (grammar, value) => settled(writer.writeValue(grammar, value)),
  flush: () => settled(writer.flush()),
})
