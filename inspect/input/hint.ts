import type { Side } from '../../session/events.js'
import { sideOf } from '../../session/side-of.js'
import { isJson, isNarInfo, markedType, packingOf } from './heads.js'
import type { MessageSource, SessionSource } from './source.js'

/** The action of the button beside a hint. */
export type Remedy =
  | { readonly _tag: 'ReadAs'; readonly type: string }
  | { readonly _tag: 'ReadAsSide'; readonly side: Side }
  | { readonly _tag: 'AddSide'; readonly side: Side }
  | { readonly _tag: 'Swap' }
  | { readonly _tag: 'Unpack' }
  | { readonly _tag: 'Copy'; readonly text: string }
  | { readonly _tag: 'Encode'; readonly from: 'narinfo' | 'json' }

/** What the input seems to be instead, and the action offered. */
export interface Hint {
  readonly text: string
  readonly label: string
  readonly remedy: Remedy
}

/** The hint for a message that the given type cannot read. */
export const messageHint = ({ raw, form }: MessageSource, bytes: Uint8Array, type: string): Hint | null => {
  const side = sideOf(bytes)
  if (side !== null) {
    return {
      text: `This is what the ${side} of a connection sent: one side of a session.`,
      label: 'Read it as a session',
      remedy: { _tag: 'ReadAsSide', side },
    }
  }
  const marked = markedType(bytes)
  if (marked !== null && marked.type !== type) {
    return {
      text: `This is ${marked.what}.`,
      label: `Read it as ${marked.type}`,
      remedy: { _tag: 'ReadAs', type: marked.type },
    }
  }
  const packing = packingOf(bytes)
  if (packing !== null) {
    return packing === 'gzip'
      ? { text: 'This is compressed with gzip.', label: 'Unpack it', remedy: { _tag: 'Unpack' } }
      : {
          text: `This is compressed with ${packing}, which a browser cannot unpack.`,
          label: 'Copy the command that does',
          remedy: { _tag: 'Copy', text: `${packing} -dc FILE > FILE.unpacked` },
        }
  }
  if (form !== 'bytes') {
    return null
  }
  return isNarInfo(raw)
    ? {
        text: 'This is a narinfo: a text, and nothing that a daemon sends.',
        label: 'Show the ValidPathInfo that it describes',
        remedy: { _tag: 'Encode', from: 'narinfo' },
      }
    : isJson(raw)
      ? {
          text: 'This is JSON, and nothing that a daemon sends.',
          label: `Encode it as ${type}`,
          remedy: { _tag: 'Encode', from: 'json' },
        }
      : null
}

/** The hint for a session: its sides are swapped, or one is missing. */
export const sessionHint = ({ client, server, capture }: SessionSource): Hint | null => {
  if (sideOf(client) === 'server' || sideOf(server) === 'client') {
    return {
      text: 'The two sides are swapped: what the client is said to have sent begins as an answer does.',
      label: 'Swap the sides',
      remedy: { _tag: 'Swap' },
    }
  }
  if (capture !== null || (client.length === 0) === (server.length === 0)) {
    return null
  }
  const side = client.length === 0 ? 'client' : 'server'
  return {
    text: `What the ${side} sent is missing.`,
    label: 'Add the file…',
    remedy: { _tag: 'AddSide', side },
  }
}
