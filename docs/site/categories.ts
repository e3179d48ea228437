import {
  Comment,
  type CommentDisplayPart,
  CommentTag,
  type DeclarationReflection,
  type DocumentReflection,
  type ProjectReflection,
} from 'typedoc'
import { wordGroups } from '../../cli/pages/combinators/words.js'

const combinatorsOf = (project: ProjectReflection): DeclarationReflection | undefined =>
  project.children?.find(({ name }) => /^(nix-wire\/)?combinators$/.test(name))

const groupOfWord = new Map(
  wordGroups.flatMap(({ title, words }) => words.map(({ word }) => [word, title] as const)),
)

/** The titles of the groups, in their order. */
export const groupTitles: ReadonlyArray<string> = wordGroups.map(({ title }) => title)

/** Puts the reference of the combinators into the groups of their page. */
export const categorise = (project: ProjectReflection): void => {
  for (const reflection of combinatorsOf(project)?.children ?? []) {
    const title = groupOfWord.get(reflection.name)
    if (title !== undefined && !reflection.isReference()) {
      const [documented = reflection] = reflection.signatures ?? []
      documented.comment ??= new Comment()
      documented.comment.blockTags.push(new CommentTag('@category', [{ kind: 'text', text: title }]))
    }
  }
}

/** Makes the words in the tables of their page links to the reference. */
export const linkWords = (project: ProjectReflection, page: DocumentReflection): void => {
  const byName = new Map(combinatorsOf(project)?.children?.map((each) => [each.name, each]))
  page.content = page.content.map((part, i): CommentDisplayPart => {
    const target = part.kind === 'code' ? byName.get(part.text.slice(1, -1)) : undefined
    const isFirstCell = page.content[i - 1]?.text.endsWith('\n| ') === true
    return target !== undefined && isFirstCell
      ? { kind: 'inline-tag', tag: '@linkcode', text: target.name, target }
      : part
  })
}
