import type { Input, Settings } from '../engine/api.js'
import type { ItemPath } from '../engine/outline.js'
import { grouped } from '../engine/value-text.js'
import { fragmentOf, largestShared, sizeOf } from './fragment.js'

/** A link for the clipboard, or why there is none. */
export type Link =
  | { readonly _tag: 'Link'; readonly fragment: string; readonly text: string; readonly note: string }
  | { readonly _tag: 'None'; readonly problem: string }

/**
 * Whether others can open an address. That of a file or of a local server would only reveal something about this
 * machine.
 */
const isPublic = ({ protocol, hostname }: URL): boolean =>
  protocol.startsWith('http') && !/^(localhost|127\..*|\[::1\])$/.test(hostname)

export const linkTo = (
  address: string,
  input: Input | null,
  settings: Settings,
  selected: ItemPath | null,
): Link => {
  if (input === null) {
    return { _tag: 'None', problem: 'There is nothing to share.' }
  }
  const size = sizeOf(input)
  if (size > largestShared) {
    return {
      _tag: 'None',
      problem: `This cannot be shared as a link: it is ${grouped(size)} bytes, too large for a link, which has room for ${largestShared / 1024} KiB. Share the file itself.`,
    }
  }
  const fragment = fragmentOf(input, settings, selected)
  const url = new URL(address)
  url.hash = fragment
  return isPublic(url)
    ? { _tag: 'Link', fragment, text: url.href, note: 'The link is in the address bar' }
    : {
        _tag: 'Link',
        fragment,
        text: `#${fragment}`,
        note: 'The link is in the address bar. This page is on your machine only: what stands from # on works with any other copy of the page',
      }
}
