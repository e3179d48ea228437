import { expectGrammar, expectText } from '../../combinators/expect.js'
import type { AnyGrammar } from '../../combinators/node.js'
import { type Names, noNames } from './names.js'
import { section } from './section.js'

/** A section of a page, with its grammars. */
export interface PageSection {
  readonly title: string
  readonly grammars: ReadonlyArray<readonly [name: string, grammar: AnyGrammar]>
}

/**
 * A grammar as a section of a specification, with everything that the author of a decoder needs: fields, types,
 * bounds and gates, the numbers of an enum, the syntax of a text.
 *
 * ```ts
 * import { since, struct, u64, utf8, versioned } from 'nix-wire'
 * import { toMarkdown } from 'nix-wire/interpreters'
 *
 * const Reply = struct('Reply', { text: utf8, size: versioned(since('1.2'), u64, 0n) })
 * console.log(toMarkdown('Reply', Reply))
 * // prints:
 * // ### Reply
 * //
 * // - text :: `utf8` (padded UTF-8)
 * //
 * // #### If protocol version is 1.2 or above
 * //
 * // - size :: `u64` (0 to 2^64−1) (defaults to 0)
 * ```
 *
 * `names` are the grammars that have their own section on the same page, by their titles. They are linked; every
 * other inner grammar is described where it first occurs.
 */
export const toMarkdown = (name: string, grammar: AnyGrammar, names: Names = noNames): string => {
  expectText('the name that toMarkdown prints', name)
  expectGrammar('what toMarkdown prints', grammar, 'toTable')
  return section(name, grammar, names, 3)
    .join('\n')
    .trimEnd()
    .replace(/\n{3,}/g, '\n\n')
}

/** A page with a section for each grammar, in the given order. */
export const toMarkdownPage = (
  title: string,
  introduction: string,
  sections: ReadonlyArray<PageSection>,
): string => {
  expectText('the title of a page', title)
  expectText('the introduction of a page', introduction)
  const names = new Map(sections.flatMap(({ grammars }) => grammars))
  const parts = sections.flatMap(({ title: heading, grammars }) => [
    `## ${heading}`,
    ...grammars.map(([name, grammar]) => toMarkdown(name, grammar, names)),
  ])
  return `${[`# ${title}`, introduction, ...parts].join('\n\n')}\n`
}
