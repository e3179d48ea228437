import ts from 'typescript'
import { projectPath } from './shared.js'

export interface PublicExport {
  readonly entry: string
  readonly name: string
  /** The object that the name refers to, through all re-exports: the same object for the same thing. */
  readonly symbol: ts.Symbol
}

interface PublicExports {
  readonly checker: ts.TypeChecker
  readonly exports: ReadonlyArray<PublicExport>
}

// Several specs ask for the same, and the compiler takes seconds.
const known = new Map<string, PublicExports>()

/** All exports of the entry points, from the compiler; the root's entry point is ''. */
export const publicExports = (entries: ReadonlyArray<string>): PublicExports => {
  const id = entries.join()
  const found = known.get(id) ?? exportsOf(entries)
  known.set(id, found)
  return found
}

const exportsOf = (entries: ReadonlyArray<string>): PublicExports => {
  const { config } = ts.readConfigFile(projectPath('tsconfig.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, projectPath())
  const files = entries.map((entry) => projectPath(entry, 'index.ts'))
  const program = ts.createProgram(files, { ...options, types: ['node'], noEmit: true })
  const checker = program.getTypeChecker()
  const exports = entries.flatMap((entry, index) => {
    const module = checker.getSymbolAtLocation(program.getSourceFile(files[index]!)!)!
    return checker.getExportsOfModule(module).map((symbol) => ({
      entry,
      name: symbol.name,
      symbol: symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol,
    }))
  })
  return { checker, exports }
}
