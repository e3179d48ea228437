import { relative } from 'node:path'
import ts from 'typescript'
import { projectPath } from '../support/shared.js'

const preface = `# What the entry points do not name

These declarations belong to the public surface all the same: exported ones refer to them. Written by \`npm run api\`, from
the declarations in \`dist\`.
`

const dist = projectPath('dist')

/** The symbol that an import or a re-export stands for. */
const aliased = (checker: ts.TypeChecker, symbol: ts.Symbol): ts.Symbol =>
  symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol

/** The statement or other whole that declares a symbol; nothing for a type parameter, a member, a library's symbol. */
const declarationsOf = (symbol: ts.Symbol): ReadonlyArray<ts.Node> =>
  (symbol.declarations ?? []).flatMap((node) => {
    const whole = ts.isVariableDeclaration(node) ? node.parent.parent : node
    const isOurs = whole.getSourceFile().fileName.startsWith(dist) && ts.isSourceFile(whole.parent ?? whole)
    return isOurs && !ts.isSourceFile(whole) ? [whole] : []
  })

/** Every symbol that a node names. */
const namedIn = (checker: ts.TypeChecker, node: ts.Node): ReadonlyArray<ts.Symbol> => {
  const found: ts.Symbol[] = []
  const visit = (child: ts.Node): void => {
    const symbol = ts.isIdentifier(child) ? checker.getSymbolAtLocation(child) : undefined
    if (symbol !== undefined) {
      found.push(aliased(checker, symbol))
    }
    ts.forEachChild(child, visit)
  }
  visit(node)
  return found
}

/** Declarations that exported ones refer to, at any remove, and that no entry point exports; by their files. */
export const unnamedReport = (entries: ReadonlyArray<string>): string => {
  const { config } = ts.readConfigFile(projectPath('tsconfig.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, projectPath())
  const program = ts.createProgram([...entries], { ...options, types: ['node'] })
  const checker = program.getTypeChecker()
  const exported = entries.flatMap((entry) => {
    const module = checker.getSymbolAtLocation(program.getSourceFile(entry)!)
    return module === undefined ? [] : checker.getExportsOfModule(module)
  })
  const named = new Set(exported.map((symbol) => aliased(checker, symbol)))
  const reached = new Set(named)
  const printer = ts.createPrinter({ removeComments: true })
  const texts = new Map<string, Set<string>>()
  // What is added while it runs is visited too.
  for (const symbol of reached) {
    for (const node of declarationsOf(symbol)) {
      const source = node.getSourceFile()
      if (!named.has(symbol)) {
        const file = relative(dist, source.fileName).replace(/\.d\.ts$/, '.ts')
        const text = printer.printNode(ts.EmitHint.Unspecified, node, source)
        texts.set(file, (texts.get(file) ?? new Set()).add(text))
      }
      for (const further of namedIn(checker, node)) {
        reached.add(further)
      }
    }
  }
  const sections = [...texts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([file, declarations]) => `## ${file}\n\n\`\`\`ts\n${[...declarations].sort().join('\n')}\n\`\`\`\n`)
  return [preface, ...sections].join('\n')
}
