import reply from '../examples/messages/query-path-info-reply-1.34.bin?inline'
import pathInfo from '../examples/messages/valid-path-info-1.34.bin?inline'
import cakeClient from '../examples/sessions/cake.client.bin?inline'
import cakeServer from '../examples/sessions/cake.server.bin?inline'
import teaClient from '../examples/sessions/tea.client.bin?inline'
import teaServer from '../examples/sessions/tea.server.bin?inline'
import type { Input, Settings } from './engine/api.js'

/** An input for visitors who have none. */
export interface Sample {
  readonly title: string
  readonly input: () => Input
  readonly settings: Partial<Settings>
}

const bytesIn = (dataUrl: string): Uint8Array =>
  Uint8Array.from(atob(dataUrl.slice(dataUrl.indexOf(',') + 1)), (character) => character.charCodeAt(0))

const message = (bytes: Uint8Array): Input => ({ kind: 'message', bytes })

/** The sample with an invalid letter in a hash. */
const broken = (): Uint8Array => {
  const bytes = bytesIn(pathInfo)
  bytes[0x50] = 0x7a
  return bytes
}

export const samples: ReadonlyArray<Sample> = [
  {
    title: 'A path info',
    input: () => message(bytesIn(pathInfo)),
    settings: { type: 'ValidPathInfo', version: '1.34' },
  },
  {
    title: 'A reply to QueryPathInfo',
    input: () => message(bytesIn(reply)),
    settings: { type: 'Tuple<Bool64,UnkeyedValidPathInfo>', version: '1.34' },
  },
  {
    title: 'A path info with a broken hash',
    input: () => message(broken()),
    settings: { type: 'ValidPathInfo', version: '1.34' },
  },
  {
    title: 'A session: tea is built',
    input: () => ({ kind: 'session', client: bytesIn(teaClient), server: bytesIn(teaServer), moments: null }),
    settings: {},
  },
  {
    title: 'A session: cake fails',
    input: () => ({
      kind: 'session',
      client: bytesIn(cakeClient),
      server: bytesIn(cakeServer),
      moments: null,
    }),
    settings: {},
  },
]
