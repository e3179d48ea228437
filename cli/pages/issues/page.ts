import { bytesOf } from '../../../bytes/hex.js'
import * as combinators from '../../../combinators/index.js'
import type { Issue, IssueTag } from '../../../combinators/issue.js'
import { showIssue } from '../../../combinators/issue.js'
import type { Grammar } from '../../../combinators/node.js'
import type { Protocol } from '../../../combinators/protocol.js'
import { type CompileOptions, compile } from '../../../interpreters/compile/index.js'
import { explain } from '../../../interpreters/explain.js'
import { issuePageName } from '../../issue-link.js'
import { expressionValue } from '../example-scope.js'
import { pageOfParts } from '../sections.js'
import { decodingIssues } from './decoding.js'
import type { IssueEntry, MadeExample } from './entry.js'
import { otherIssues } from './others.js'

/** Every tag of an issue; the compiler reports a missing one. */
export const issueEntries: { readonly [T in IssueTag]: IssueEntry } = { ...decodingIssues, ...otherIssues }

/** The issue of an example, and the output shown for it. */
export const issueOfExample = (example: MadeExample): readonly [issue: Issue, text: string] => {
  const { given } = example
  const [protocol, options] = expressionValue(`[${example.more ?? '{}'}]`) as [
    Partial<Protocol>,
    Partial<CompileOptions>?,
  ]
  const codec = compile(expressionValue(example.grammar) as Grammar<unknown>, protocol, options)
  const bytes = 'bytes' in given ? bytesOf(given.bytes) : null
  const result =
    'bytes' in given ? codec.decode(bytesOf(given.bytes)) : codec.encode(expressionValue(`(${given.value})`))
  if (result._tag === 'Right') {
    throw new Error(`${example.grammar} has no issue for ${JSON.stringify(given)}`)
  }
  const { left: issue } = result
  return [issue, bytes === null ? showIssue(issue) : explain(issue, { bytes, start: 0 })]
}

const madeLines = (example: MadeExample): ReadonlyArray<string> => {
  const { grammar, given, more } = example
  const helpers = 'bytes' in given ? ['bytesOf', 'compile', 'explain'] : ['compile', 'showIssue']
  const words = Object.keys(combinators).filter((name) =>
    new RegExp(`(?<![.\\w])${name}\\b\\(?`).test(grammar),
  )
  const usesNix = /\bG\./.test(grammar)
  const names = [...new Set([...helpers, ...words])].sort()
  const [, text] = issueOfExample(example)
  const call = 'bytes' in given ? 'decode(bytes)' : `encode(${given.value})`
  const shown = 'bytes' in given ? 'explain(result.left, { bytes, start: 0 })' : 'showIssue(result.left)'
  return [
    `import { ${names.join(', ')} } from 'nix-wire'`,
    ...(usesNix ? ["import * as G from 'nix-wire/grammar'"] : []),
    '',
    ...('bytes' in given ? [`const bytes = bytesOf('${given.bytes}')`] : []),
    `const result = compile(${grammar}${more === undefined ? '' : `, ${more}`}).${call}`,
    "if (result._tag === 'Left') {",
    `  console.log(${shown})`,
    '}',
    '// prints:',
    ...text.split('\n').map((line) => `// ${line}`),
  ]
}

const isLines = (example: IssueEntry['example']): example is ReadonlyArray<string> => Array.isArray(example)

/** The page of one tag. */
const issuePage = (tag: IssueTag): string => {
  const { meaning, example, rule, remedies } = issueEntries[tag]
  return pageOfParts(
    `# ${tag}`,
    meaning,
    ['```ts', ...(isLines(example) ? example : madeLines(example)), '```'].join('\n'),
    '## The rule',
    rule,
    '## What to do',
    remedies.map((each) => `- ${each}`).join('\n'),
    '[All issues](../issues.md)',
  )
}

const tags = Object.keys(issueEntries) as ReadonlyArray<IssueTag>

const listRow = (tag: IssueTag): string => {
  const { line, fault = 'the sender' }: IssueEntry = issueEntries[tag]
  return `| [${tag}](issues/${issuePageName(tag)}) | ${line} | ${fault} |`
}

const statuses = `| fault of | status |
| --- | --- |
| the sender | 422 Unprocessable Content |
| your program | 500 Internal Server Error |
| the transport | none if the client is gone; 408 Request Timeout after a time limit of yours; 502 Bad Gateway if another server is gone; 500 for a file of yours |`

/** The list of all tags. */
const listPage = (): string =>
  pageOfParts(
    '# Issues',
    `An issue is a value: its tag, the byte, the path to the field, what was expected and what was there. Each tag has a
page: what it means, an example, the rule, what to do.`,
    ['| tag | meaning | fault of |', '| --- | --- | --- |', ...tags.map(listRow)].join('\n'),
    '## The status of an HTTP answer',
    'For a request that your server decodes:',
    statuses,
    `A \`LimitExceeded\` need not mean a large body: the first eight bytes of a body in another format, such as JSON, are read as
a huge length. Answer 413 Content Too Large only if the body itself is longer than you take.`,
  )

/** The pages of the issues, by their names in docs/. */
export const issuePages: { readonly [name: string]: () => string } = {
  'issues.md': listPage,
  ...Object.fromEntries(tags.map((tag) => [`issues/${issuePageName(tag)}`, () => issuePage(tag)])),
}
