import { unquoted } from '../../combinators/show.js'
import { sideOf } from '../../session/side-of.js'

/** A file with its bytes. */
export interface Given {
  /**
   * Its name as shown, with control characters escaped: otherwise a name could change the text around it, or look like
   * another.
   */
  readonly name: string
  readonly bytes: Uint8Array
}

/** A file with the name that it has on disk. */
export const givenAs = (name: string, bytes: Uint8Array): Given => ({ name: unquoted(name), bytes })

/** One message, both sides of a session, or two files of which the user must say which side each is. */
export type Dropped =
  | { readonly _tag: 'Message'; readonly file: Given }
  | { readonly _tag: 'Session'; readonly client: Given; readonly server: Given }
  | { readonly _tag: 'Unclear'; readonly files: readonly [Given, Given] }

const isClients = ({ name }: Given): boolean => /(^|[.\-_ ])client([.\-_ ]|$)/i.test(name)
const isServers = ({ name }: Given): boolean => /(^|[.\-_ ])(server|daemon)([.\-_ ]|$)/i.test(name)

const byBytes = (one: Given, other: Given): boolean =>
  sideOf(one.bytes) === 'client' && sideOf(other.bytes) === 'server'
const byNames = (one: Given, other: Given): boolean => isClients(one) && isServers(other)

/**
 * The kind of dropped files, by their number, their first bytes and their names: recordings are `NAME.client.bin` and
 * `NAME.server.bin`.
 */
export const droppedFiles = (first: Given, second: Given | undefined): Dropped => {
  if (second === undefined) {
    return { _tag: 'Message', file: first }
  }
  for (const isClientsAndServers of [byBytes, byNames]) {
    if (isClientsAndServers(first, second)) {
      return { _tag: 'Session', client: first, server: second }
    }
    if (isClientsAndServers(second, first)) {
      return { _tag: 'Session', client: second, server: first }
    }
  }
  return { _tag: 'Unclear', files: [first, second] }
}
