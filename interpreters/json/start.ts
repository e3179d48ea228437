import { escapeUnseen } from '../../combinators/show.js'
import { isObject, type Json, printJson } from './text.js'

/** The first `most` characters of a value's JSON, without work for the rest. */
export const jsonStart = (json: Json, most: number): string => {
  let text = ''
  for (const piece of pieces(json, most)) {
    text += piece
    if (text.length > most) {
      return escapeUnseen(`${text.slice(0, most)}…`)
    }
  }
  return escapeUnseen(text)
}

// A text that is cut here is longer than what is shown.
const word = (text: string, most: number): string => JSON.stringify(text.slice(0, most))

function* pieces(json: Json, most: number): Generator<string, void> {
  if (typeof json === 'string') {
    yield word(json, most)
  } else if (Array.isArray(json)) {
    yield '['
    for (const [i, item] of (json as ReadonlyArray<Json>).entries()) {
      yield i === 0 ? '' : ','
      yield* pieces(item, most)
    }
    yield ']'
  } else if (isObject(json)) {
    yield '{'
    for (const [i, [key, value]] of Object.entries(json).entries()) {
      yield `${i === 0 ? '' : ','}${word(key, most)}:`
      yield* pieces(value, most)
    }
    yield '}'
  } else {
    yield printJson(json)
  }
}
