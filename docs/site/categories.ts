import {
  Comment,
  type CommentDisplayPart,
  CommentTag,
  type DeclarationReflection,
  type DocumentReflection,
  type ProjectReflection,
} from 'typedoc'
import { wordGroups } from '../../cli/pages/combinators/words.js'

/** The exports of the root besides the combinators. */
const codecs: readonly [title: string, names: ReadonlyArray<string>] = [
  'Codecs and issues',
  ['compile', 'explain', 'Codec', 'CompileOptions', 'Excerpt', 'Limits', 'OnCode', 'Profile', 'Issue'],
]

const groups: ReadonlyArray<readonly [title: string, names: ReadonlyArray<string>]> = [
  codecs,
  ...wordGroups.map(({ title, words }) => [title, words.map(({ word }) => word)] as const),
]

const groupOfName = new Map(groups.flatMap(([title, names]) => names.map((name) => [name, title] as const)))

/** The titles of the groups, in their order. */
export const groupTitles: ReadonlyArray<string> = groups.map(([title]) => title)

const isGrouped = ({ name }: DeclarationReflection): boolean => /^nix-wire(\/combinators)?$/.test(name)

/** Puts the reference of the combinators into the groups of their page. */
export const categorise = (project: ProjectReflection): void => {
  for (const reflection of project.children?.filter(isGrouped).flatMap(({ children = [] }) => children) ??
    []) {
    const title = groupOfName.get(reflection.name)
    if (title !== undefined) {
      const [documented = reflection] = reflection.signatures ?? []
      documented.comment ??= new Comment()
      documented.comment.blockTags.push(new CommentTag('@category', [{ kind: 'text', text: title }]))
    }
  }
}

/** Links the words in the tables of their page to the reference. */
export const linkWords = (project: ProjectReflection, page: DocumentReflection): void => {
  const root = project.children?.find(isGrouped)
  const byName = new Map(root?.children?.map((each) => [each.name, each]))
  page.content = page.content.map((part, i): CommentDisplayPart => {
    const target = part.kind === 'code' ? byName.get(part.text.slice(1, -1)) : undefined
    const isFirstCell = page.content[i - 1]?.text.endsWith('\n| ') === true
    return target !== undefined && isFirstCell
      ? { kind: 'inline-tag', tag: '@linkcode', text: target.name, target }
      : part
  })
}
