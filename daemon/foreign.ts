import type { Issue } from '../combinators/issue.js'
import { textInPlace } from '../combinators/leading-text.js'
import { quoted } from '../combinators/show.js'
import { isRefusal, refusalMeaning } from '../session/refusal.js'

const textShown = 160

/** A text of the other side, for an issue. */
export const toldText = (text: string): string => quoted(text, textShown)

/** An issue with the text that the other side sent in place of the protocol; the bytes begin at its offset. */
export const noted = (issue: Issue, bytes: Uint8Array): Issue => {
  const foreign = foreignAt(issue, bytes)
  return foreign === null ? issue : { ...issue, actual: `${issue.actual}; ${foreign}` }
}

/** What is in place of the protocol, if that is recognised; `bytes` begin at the offset of the issue. */
export const foreignAt = (issue: Issue, bytes: Uint8Array): string | null => {
  if (issue.offset === 0 && issue._tag === 'UnexpectedValue' && isRefusal(bytes)) {
    return refusalMeaning
  }
  const text = textInPlace(issue, bytes)
  return text === null ? null : `the other side sent text: ${toldText(text)}`
}
