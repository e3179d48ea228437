import {
  type DeclarationReflection,
  type DocumentReflection,
  IndexEvent,
  ReflectionKind,
  type Renderer,
} from 'typedoc'

type Found = DeclarationReflection | DocumentReflection

const plain = (text: string): string => text.replace(/\s+/g, ' ').trim()

/** The first sentence of a docstring, or of a page below its heading. */
const sentenceOf = (text: string): string => {
  const [paragraph = ''] = text
    .replace(/^#.*$/m, '')
    .trim()
    .split(/\n\s*\n/)
  const words = plain(paragraph.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll('`', ''))
  const [sentence = ''] = /^.*?[.:](?= [A-Z]|$)/.exec(words) ?? [words]
  return sentence.length > 160 ? `${sentence.slice(0, 159)}…` : sentence
}

const textOf = (found: Found): string => {
  const parts = found.isDocument()
    ? found.content
    : (found.comment ?? found.signatures?.find(({ comment }) => comment !== undefined)?.comment)?.summary
  return (parts ?? []).map(({ text }) => text).join('')
}

/** A method of a class or an interface: a field with a function type and a docstring. */
const isMethod = (found: Found): boolean =>
  found.isDeclaration() &&
  found.kindOf(ReflectionKind.Method | ReflectionKind.Property) &&
  found.getNonIndexSignatures().length + (found.type?.type === 'reflection' ? 1 : 0) > 0 &&
  textOf(found) !== ''

/**
 * Whether search finds it: pages, exports of entry points, and methods; other fields are not names to look up.
 */
const isFound = (found: Found): boolean =>
  found.isDocument() ||
  (!found.isReference() &&
    (found.kindOf(ReflectionKind.Module | ReflectionKind.ClassOrInterface | ReflectionKind.TypeAlias) ||
      found.kindOf(ReflectionKind.Variable | ReflectionKind.Function | ReflectionKind.Enum) ||
      isMethod(found)))

/** A name that is both a value and a type is found once: as the value, which has the longer docstring. */
const namesOnce = (found: ReadonlyArray<Found>): ReadonlySet<Found> => {
  const byPlace = new Map<string, Found>()
  for (const each of found) {
    const place = each.getFullName()
    const other = byPlace.get(place)
    if (other === undefined || textOf(other).length < textOf(each).length) {
      byPlace.set(place, each)
    }
  }
  return new Set(byPlace.values())
}

/** Shows each name once in the search, and keeps the summary of each, by its address. */
export const sentencesFor = (
  renderer: Renderer,
  urlOf: (found: Found) => string,
): ReadonlyMap<string, string> => {
  const sentences = new Map<string, string>()
  renderer.on(IndexEvent.PREPARE_INDEX, (event) => {
    const kept = namesOnce((event.searchResults as Array<Found>).filter(isFound))
    for (let i = event.searchResults.length - 1; i >= 0; i--) {
      const each = event.searchResults[i] as Found
      if (!kept.has(each)) {
        event.removeResult(i)
      } else {
        sentences.set(urlOf(each), sentenceOf(textOf(each)))
      }
    }
  })
  return sentences
}
