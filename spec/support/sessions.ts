import { readFileSync } from 'node:fs'
import { sharedPath } from './shared.js'

/** An entry in the table of the recordings. */
export interface Recorded {
  readonly name: string
  /** Null if there was no handshake. */
  readonly version: string | null
  readonly clientBytes: number
  readonly serverBytes: number
  /** Ids in order, each with whether the reply was an error. */
  readonly operations: ReadonlyArray<{ readonly id: number; readonly failed: boolean }>
  /** Messages by their names: LAST, START … */
  readonly messages: Readonly<Record<string, number>>
}

const row = /^\| (\S+) \| (None|[0-9]+\.[0-9]+) \| ([0-9]+) \| ([0-9]+) \| ([^|]*) \| ([^|]*) \|$/

/** The table of recorded connections. */
export const recordedSessions = (): ReadonlyArray<Recorded> =>
  readFileSync(sharedPath('nix', 'README.md'), 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, name, version, client, server, operations = '', messages = ''] = row.exec(line) ?? []
      return name === undefined
        ? []
        : [
            {
              name,
              version: version === 'None' ? null : (version ?? null),
              clientBytes: Number(client),
              serverBytes: Number(server),
              operations: words(operations).flatMap(operationsOf),
              messages: Object.fromEntries(
                words(messages).map((word) => {
                  const [tag = '', count] = word.split(':')
                  return [tag, Number(count)]
                }),
              ),
            },
          ]
    })

const words = (text: string): ReadonlyArray<string> => text.split(' ').filter((word) => word !== '')

/** `26!` is one that failed, `26x4` four of them. */
const operationsOf = (word: string): Recorded['operations'] => {
  const [, id, failed, times = '1'] = /^([0-9]+)(!?)(?:x([0-9]+))?$/.exec(word) ?? []
  return Array.from({ length: Number(times) }, () => ({ id: Number(id), failed: failed === '!' }))
}

/** Both streams of a recorded connection. */
export const sessionBytes = (name: string): { readonly client: Uint8Array; readonly server: Uint8Array } => ({
  client: readFileSync(sharedPath('nix', 'sessions', `${name}.client.bin`)),
  server: readFileSync(sharedPath('nix', 'sessions', `${name}.server.bin`)),
})
