import { readFileSync } from 'node:fs'
import ts from 'typescript'
import { projectPath } from './shared.js'

/** `nix-wire/grammar` → `../grammar/index.js`, by the exports of package.json, without a build. */
const sourceSpecifier = (specifier: string): string => {
  if (!/^nix-wire(\/|$)/.test(specifier)) return specifier
  const { exports } = JSON.parse(readFileSync(projectPath('package.json'), 'utf8')) as {
    exports: Record<string, { default: string } | undefined>
  }
  const entry = exports[specifier.replace('nix-wire', '.')]
  if (entry === undefined) throw new Error(`package.json does not export ${specifier}`)
  return entry.default.replace('./dist/', '../')
}

/**
 * One import statement for each name, so that a name that two blocks import can be removed from the second.
 */
const importsOf = (node: ts.ImportDeclaration): ReadonlyArray<string> => {
  const from = `'${sourceSpecifier((node.moduleSpecifier as ts.StringLiteral).text)}'`
  const clause = node.importClause
  if (clause === undefined) return [`import ${from}`]
  const names = clause.name === undefined ? [] : [clause.name.text]
  const bindings = clause.namedBindings
  if (bindings !== undefined && ts.isNamespaceImport(bindings)) names.push(bindings.getText())
  if (bindings !== undefined && ts.isNamedImports(bindings)) {
    names.push(...bindings.elements.map((element) => `{ ${element.getText()} }`))
  }
  const type = clause.phaseModifier === ts.SyntaxKind.TypeKeyword ? 'type ' : ''
  return names.map((name) => `import ${type}${name} from ${from}`)
}

/** The claim of a comment about the statement before it; the comment lines below may belong to it. */
interface Claim {
  readonly kind: '=>' | 'prints:'
  /** The position of the comment. */
  readonly at: number
  /** The line break before a comment below its statement, or an empty text. */
  readonly gap: string
  readonly lines: ReadonlyArray<string>
}

const claimAfter = (body: string, end: number): Claim | undefined => {
  const match = /^;?[ \t]*(\n[ \t]*)?\/\/ (=>|prints:)(.*(?:\n[ \t]*\/\/.*)*)/.exec(body.slice(end))
  if (match === null) return undefined
  const [text, gap = '', kind, rest = ''] = match
  const at = end + text.indexOf('//')
  return { kind: kind === '=>' ? kind : 'prints:', at, gap, lines: rest.split('\n') }
}

const uncommented = (line: string): string => line.replace(/^\s*\/\/ ?|^ /, '')

const parses = (expression: string): boolean =>
  ts.transpileModule(`(${expression})`, { reportDiagnostics: true }).diagnostics?.length === 0

/** The number of these lines that form an expression; 0 if none do. */
const wholeExpression = (lines: ReadonlyArray<string>): number =>
  1 +
  lines.findIndex((_, index) =>
    parses(
      lines
        .slice(0, index + 1)
        .map(uncommented)
        .join('\n'),
    ),
  )

interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** The edits that turn a statement and its claim into a call; none if it has no value to compare. */
const editsOf = (node: ts.Statement, { kind, at, gap, lines }: Claim): ReadonlyArray<Edit> => {
  const count = kind === '=>' ? wholeExpression(lines) : lines.length
  if (count === 0) throw new Error(`not an expression:${lines.join('\n')}`)
  const taken = lines.slice(0, count)
  const text = taken.map(uncommented).join('\n')
  const end = at + `// ${kind}${taken.join('\n')}`.length
  if (kind === 'prints:') {
    const call = `;$doc.printed(${JSON.stringify(text.replace(/^\n/, ''))})`
    return [{ start: node.end, end, text: gap + call + '\n'.repeat(count - 1) }]
  }
  if (ts.isVariableStatement(node)) {
    const name = node.declarationList.declarations[0]?.name.getText()
    return [{ start: node.end, end, text: `${gap};$doc.same(${name}, ${text})` }]
  }
  if (!ts.isExpressionStatement(node)) return []
  const start = node.getStart()
  return [
    { start, end: start, text: '$doc.same(' },
    { start: node.expression.end, end, text: `,${gap} ${text})` },
  ]
}

/**
 * A block's imports, and its other code with the claims turned into calls; the number of lines stays the same.
 */
export const translate = (body: string): { imports: ReadonlyArray<string>; code: string } => {
  const imports: string[] = []
  const edits: Edit[] = []
  const checked = new Set<number>()

  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      imports.push(...importsOf(node))
      edits.push({ start: node.getStart(), end: node.end, text: node.getText().replace(/[^\n]/g, '') })
      return
    }
    const claim = ts.isStatement(node) ? claimAfter(body, node.end) : undefined
    // If a block statement and its last statement end together, the claim belongs to the outer one.
    if (ts.isStatement(node) && claim !== undefined && !checked.has(claim.at)) {
      const calls = editsOf(node, claim)
      if (calls.length > 0) checked.add(claim.at)
      edits.push(...calls)
    }
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile('example.ts', body, ts.ScriptTarget.Latest, true))

  for (const { index, 0: comment } of body.matchAll(/\/\/ (=>|prints:).*/g)) {
    if (!checked.has(index)) throw new Error(`no statement to compare before "${comment}"`)
  }
  edits.sort((a, b) => b.start - a.start)
  const code = edits.reduce(
    (text, edit) => text.slice(0, edit.start) + edit.text + text.slice(edit.end),
    body,
  )
  return { imports, code }
}
