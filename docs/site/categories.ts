import {
  Comment,
  type CommentDisplayPart,
  CommentTag,
  type DeclarationReflection,
  type DocumentReflection,
  type ProjectReflection,
} from 'typedoc'
import { wordGroups } from '../../cli/pages/combinators/words.js'
import { flowWordGroups } from '../../cli/pages/conversation-words/words.js'

type Group = readonly [title: string, names: ReadonlyArray<string>]

/** A page of words, which groups the reference of modules that export them. */
interface WordsPage {
  readonly title: string
  readonly modules: ReadonlyArray<string>
  readonly groups: ReadonlyArray<Group>
}

/** The exports of the root besides the combinators. */
const codecs: Group = [
  'Codecs and issues',
  ['compile', 'explain', 'Codec', 'CompileOptions', 'Excerpt', 'Limits', 'OnCode', 'Profile', 'Issue'],
]

const grouped = ({
  title,
  words,
}: {
  readonly title: string
  readonly words: ReadonlyArray<{ readonly word: string }>
}): Group => [title, words.map(({ word }) => word)]

const wordsPages: ReadonlyArray<WordsPage> = [
  {
    title: 'Combinators',
    modules: ['nix-wire', 'nix-wire/combinators'],
    groups: [codecs, ...wordGroups.map(grouped)],
  },
  {
    title: 'Combinators of conversations',
    modules: ['nix-wire/conversation'],
    groups: flowWordGroups.map(grouped),
  },
]

/** The titles of the groups, in their order. */
export const groupTitles: ReadonlyArray<string> = wordsPages.flatMap(({ groups }) =>
  groups.map(([title]) => title),
)

const exportsOf = (
  project: ProjectReflection,
  { modules }: WordsPage,
): ReadonlyArray<DeclarationReflection> =>
  project.children?.filter(({ name }) => modules.includes(name)).flatMap(({ children = [] }) => children) ??
  []

/** Puts the reference of the combinators into the groups of their page. */
export const categorise = (project: ProjectReflection): void => {
  for (const page of wordsPages) {
    const groupOfName = new Map(
      page.groups.flatMap(([title, names]) => names.map((name) => [name, title] as const)),
    )
    for (const reflection of exportsOf(project, page)) {
      const title = groupOfName.get(reflection.name)
      if (title !== undefined) {
        const [documented = reflection] = reflection.signatures ?? []
        documented.comment ??= new Comment()
        documented.comment.blockTags.push(new CommentTag('@category', [{ kind: 'text', text: title }]))
      }
    }
  }
}

/** Links the words in the tables of a page to the reference. */
export const linkWords = (project: ProjectReflection, document: DocumentReflection): void => {
  const page = wordsPages.find(({ title }) => title === document.name)
  if (page === undefined) {
    return
  }
  // The first module that has a word is the one to link to.
  const byName = new Map(
    exportsOf(project, page)
      .map((each) => [each.name, each] as const)
      .reverse(),
  )
  document.content = document.content.map((part, i): CommentDisplayPart => {
    const target = part.kind === 'code' ? byName.get(part.text.slice(1, -1)) : undefined
    const isFirstCell = document.content[i - 1]?.text.endsWith('\n| ') === true
    return target !== undefined && isFirstCell
      ? { kind: 'inline-tag', tag: '@linkcode', text: target.name, target }
      : part
  })
}
