import type { Issue } from '../combinators/issue.js'
import type { Incoming } from '../conversation/line/incoming.js'
import { aborted, ConversationError, isIssue } from '../conversation/line/interruption.js'
import { IssueError } from '../stream/issue-error.js'
import { beneathKey } from './issues.js'
import type { ReceivedUpload } from './server-types.js'

/** An upload for a handler: if it breaks off, the reason is an issue. */
export class IncomingUpload implements ReceivedUpload {
  readonly #incoming: Incoming

  constructor(incoming: Incoming) {
    this.#incoming = incoming
  }

  next(): Uint8Array | Promise<Uint8Array | null> {
    return this.#incoming.nextNow() ?? this.#later()
  }

  async #later(): Promise<Uint8Array | null> {
    try {
      return await this.#incoming.next()
    } catch (thrown) {
      throw thrown instanceof ConversationError ? new IssueError(issueOf(thrown)) : thrown
    }
  }

  cancel(): void {
    this.#incoming.discard()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    for (let chunk = await this.next(); chunk !== null; chunk = await this.next()) {
      yield chunk
    }
  }
}

const issueOf = ({ failure }: ConversationError): Issue =>
  isIssue(failure) ? beneathKey(failure) : aborted(failure, 0, 'the end of the call')
