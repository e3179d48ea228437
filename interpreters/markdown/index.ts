import { expectGrammar } from '../../combinators/expect.js'
import type { AnyGrammar } from '../../combinators/node.js'
import { type Names, noNames } from './reference.js'
import { section } from './section.js'

/** Grammars that belong together on a page. */
export interface PageSection {
  readonly title: string
  readonly grammars: ReadonlyArray<readonly [name: string, grammar: AnyGrammar]>
}

/**
 * A grammar as a section of a specification: its name, what it is, its fields with their types and gates, the
 * numbers of an enum.
 *
 * ```ts
 * import { since, struct, toMarkdown, u64, utf8, versioned } from 'nix-wire'
 *
 * const Reply = struct('Reply', { text: utf8, size: versioned(since('1.16'), u64, 0n) })
 * console.log(toMarkdown('Reply', Reply))
 * // prints:
 * // ### Reply
 * //
 * // - text :: `utf8`
 * //
 * // #### If protocol version is 1.16 or above
 * //
 * // - size :: `u64` (defaults to 0)
 * ```
 *
 * `names`: other grammars that have a section on the same page, which are linked.
 */
export const toMarkdown = (name: string, grammar: AnyGrammar, names: Names = noNames): string => {
  expectGrammar('what toMarkdown prints', grammar)
  return section(name, grammar, names, 3)
    .join('\n')
    .trimEnd()
    .replace(/\n{3,}/g, '\n\n')
}

/** A page of all grammars under their titles, in the given order. */
export const toMarkdownPage = (
  title: string,
  introduction: string,
  sections: ReadonlyArray<PageSection>,
): string => {
  const names = new Set(sections.flatMap(({ grammars }) => grammars.map(([name]) => name)))
  const parts = sections.flatMap(({ title: heading, grammars }) => [
    `## ${heading}`,
    ...grammars.map(([name, grammar]) => toMarkdown(name, grammar, names)),
  ])
  return `${[`# ${title}`, introduction, ...parts].join('\n\n')}\n`
}
