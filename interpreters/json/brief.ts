import { clip, quoted } from '../../combinators/show.js'
import { isObject, type Json } from './text.js'

const longest = 60

/** JSON for the text of an issue: its start, and nothing is printed beyond that. */
export const brief = (json: Json | undefined): string => {
  if (json === undefined) {
    return 'nothing'
  }
  const parts = pieces(json)
  let text = ''
  for (let next = parts.next(); next.done !== true; next = parts.next()) {
    text += next.value
    if (text.length > longest) {
      return clip(text, longest)
    }
  }
  return text
}

/** The text of JSON, in short pieces. */
function* pieces(json: Json): Generator<string, void, undefined> {
  if (Array.isArray(json)) {
    yield '['
    for (let i = 0; i < json.length; i++) {
      yield i === 0 ? '' : ','
      yield* pieces(json[i])
    }
    yield ']'
  } else if (isObject(json)) {
    yield '{'
    let before = ''
    for (const key in json) {
      yield `${before}${quoted(key)}:`
      before = ','
      yield* pieces(json[key] as Json)
    }
    yield '}'
  } else {
    yield typeof json === 'string' ? quoted(json) : clip(String(json), longest)
  }
}
