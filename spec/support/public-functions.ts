import ts from 'typescript'
import { projectPath } from './shared.js'

export interface PublicParameter {
  readonly name: string
  /** The type in words; of a type parameter what it must extend. */
  readonly type: string
  readonly required: boolean
  /** The names of its properties where it is an object of options: all of them optional, or called options. */
  readonly options: ReadonlyArray<string> | null
}

export interface PublicFunction {
  readonly entry: string
  /** `connect`, `promises.connect`; of a class its name. */
  readonly name: string
  readonly isClass: boolean
  readonly parameters: ReadonlyArray<PublicParameter>
  readonly result: string
}

/** Every function and class that an entry point exports, and the functions of every object, as the compiler knows them. */
export const publicFunctions = (entries: ReadonlyArray<string>): ReadonlyArray<PublicFunction> => {
  const { config } = ts.readConfigFile(projectPath('tsconfig.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, projectPath())
  const files = entries.map((entry) => projectPath(entry, 'index.ts'))
  const program = ts.createProgram(files, { ...options, types: ['node'], noEmit: true })
  const checker = program.getTypeChecker()

  const words = (type: ts.Type): string =>
    checker.typeToString(type, undefined, ts.TypeFormatFlags.NoTruncation)

  const optionsOf = (given: ts.Type): ReadonlyArray<string> | null => {
    const type = checker.getNonNullableType(given)
    const properties = type.getProperties()
    const isObject = properties.length > 0 && !type.isUnion() && type.getCallSignatures().length === 0
    const allOptional = properties.every(({ flags }) => flags & ts.SymbolFlags.Optional)
    return isObject && (allOptional || /Options\b/.test(words(type)))
      ? properties.map(({ name }) => name)
      : null
  }

  const parameterOf = (symbol: ts.Symbol): PublicParameter => {
    const type = checker.getTypeOfSymbol(symbol)
    const [declaration] = symbol.declarations ?? []
    const node = declaration !== undefined && ts.isParameter(declaration) ? declaration : undefined
    // Beside a type parameter stand conditions that only the compiler asks for.
    const bare = (type.isIntersection() && type.types.find((each) => each.isTypeParameter())) || type
    const bound = bare.isTypeParameter() ? (checker.getBaseConstraintOfType(bare) ?? bare) : bare
    return {
      name: symbol.name,
      type: words(bound),
      required: node?.initializer === undefined && node?.questionToken === undefined && !node?.dotDotDotToken,
      options: optionsOf(bound),
    }
  }

  const functionsOf = (entry: string, name: string, type: ts.Type): ReadonlyArray<PublicFunction> => {
    const of = (signature: ts.Signature, isClass: boolean): PublicFunction => ({
      entry,
      name,
      isClass,
      parameters: signature.parameters.map(parameterOf),
      result: words(signature.getReturnType()),
    })
    return [
      ...type.getCallSignatures().map((each) => of(each, false)),
      ...type.getConstructSignatures().map((each) => of(each, true)),
    ]
  }

  return entries.flatMap((entry, index) => {
    const module = checker.getSymbolAtLocation(program.getSourceFile(files[index]!)!)!
    return checker.getExportsOfModule(module).flatMap((symbol) => {
      const real = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
      if (!(real.flags & ts.SymbolFlags.Value)) {
        return []
      }
      const type = checker.getTypeOfSymbol(real)
      const own = functionsOf(entry, symbol.name, type)
      const isTable = own.length === 0 && symbol.name === 'promises'
      return isTable
        ? type
            .getProperties()
            .flatMap((each) =>
              functionsOf(entry, `${symbol.name}.${each.name}`, checker.getTypeOfSymbol(each)),
            )
        : own
    })
  })
}
