import type { Issue } from '../combinators/issue.js'
import { textInPlace } from '../combinators/leading-text.js'
import { quoted } from '../combinators/show.js'

const textShown = 160

/** Words of the other side in an issue. */
export const toldText = (text: string): string => quoted(text, textShown)

/** What begins a connection to a Determinate Nix daemon that lets this user not in: `f0 9f 9a ab 00 00 00 00`. */
const refusalHello = Uint8Array.of(0xf0, 0x9f, 0x9a, 0xab, 0, 0, 0, 0)

/** Whether a daemon refuses with these bytes, which stand in the place of its hello. */
export const isRefusal = (bytes: Uint8Array): boolean =>
  bytes.length >= refusalHello.length && refusalHello.every((byte, i) => bytes[i] === byte)

/** What that means. */
export const refusalMeaning =
  'the daemon (Determinate Nix) refuses this user, who is not among its `allowed-users`'

/** What stands in the place of the protocol, if that can be told; `bytes` begin at the offset of the issue. */
export const foreignAt = (issue: Issue, bytes: Uint8Array): string | null => {
  if (issue.offset === 0 && issue._tag === 'UnexpectedValue' && isRefusal(bytes)) {
    return refusalMeaning
  }
  const text = textInPlace(issue, bytes)
  return text === null ? null : `the other side sent text: ${toldText(text)}`
}
