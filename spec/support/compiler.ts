import { expect } from 'chai'
import ts from 'typescript'
import { projectPath } from './shared.js'

const file = projectPath('of-the-compiler.ts')

/**
 * What an editor shows for the exports of a source that is in no file, and the compiler's messages for its lines.
 */
export interface Compiled {
  readonly types: { readonly [name: string]: string }
  /** Expects the compiler to reject a line, with these words. */
  readonly says: (line: string, ...words: ReadonlyArray<string>) => void
}

export const compiled = (source: string): Compiled => {
  const { config } = ts.readConfigFile(projectPath('tsconfig.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, projectPath('.'))
  const host = ts.createCompilerHost(options)
  const { getSourceFile, fileExists } = host
  host.fileExists = (name) => name === file || fileExists.call(host, name)
  host.getSourceFile = (name, ...rest) =>
    name === file ? ts.createSourceFile(name, source, rest[0], true) : getSourceFile.call(host, name, ...rest)
  const program = ts.createProgram([file], { ...options, noEmit: true }, host)
  const parsed = program.getSourceFile(file)
  if (parsed === undefined) {
    throw new Error('the source was not read')
  }
  const checker = program.getTypeChecker()
  const shown = (checker.getSymbolAtLocation(parsed)?.exports ?? new Map()) as ReadonlyMap<string, ts.Symbol>
  const typeOf = (symbol: ts.Symbol): string => {
    const isType = (symbol.flags & ts.SymbolFlags.TypeAlias) !== 0
    const type = isType ? checker.getDeclaredTypeOfSymbol(symbol) : checker.getTypeOfSymbol(symbol)
    const { NoTruncation, InTypeAlias } = ts.TypeFormatFlags
    return checker.typeToString(type, undefined, NoTruncation | InTypeAlias)
  }
  const types = Object.fromEntries([...shown].map(([name, symbol]) => [name, typeOf(symbol)]))
  const errors = program.getSemanticDiagnostics(parsed).map(({ start, messageText }) => ({
    line: source.slice(source.lastIndexOf('\n', start) + 1, source.indexOf('\n', start)),
    text: ts.flattenDiagnosticMessageText(messageText, ' '),
  }))
  return {
    types,
    says: (line, ...words) => {
      const found = errors.filter((each) => each.line === line).map(({ text }) => text)
      expect(found, line).to.have.length.greaterThan(0)
      for (const text of found) {
        expect(text).to.include.oneOf(words)
      }
    },
  }
}
