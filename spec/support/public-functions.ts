import ts from 'typescript'
import { publicExports } from './public-exports.js'

export interface PublicParameter {
  readonly name: string
  /** The type as text; for a type parameter, its constraint. */
  readonly type: string
  readonly required: boolean
  /**
   * The names of its properties if it is an object of options: all of them optional, or the parameter named options.
   */
  readonly options: ReadonlyArray<string> | null
}

export interface PublicFunction {
  readonly entry: string
  /** `connect`, `promises.connect`; for a class its name. */
  readonly name: string
  readonly isClass: boolean
  readonly parameters: ReadonlyArray<PublicParameter>
  readonly result: string
}

/**
 * Every exported function and class of the entry points, and the functions of every exported object, from the compiler.
 */
export const publicFunctions = (entries: ReadonlyArray<string>): ReadonlyArray<PublicFunction> => {
  const { checker, exports } = publicExports(entries)

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
    // A type parameter may be intersected with conditions that are only for the compiler.
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

  return exports.flatMap(({ entry, name, symbol }) => {
    if (!(symbol.flags & ts.SymbolFlags.Value)) {
      return []
    }
    const type = checker.getTypeOfSymbol(symbol)
    const own = functionsOf(entry, name, type)
    const isTable = own.length === 0 && name === 'promises'
    return isTable
      ? type
          .getProperties()
          .flatMap((each) => functionsOf(entry, `${name}.${each.name}`, checker.getTypeOfSymbol(each)))
      : own
  })
}

export interface PublicResult {
  readonly entry: string
  /** `connect`, `NixReader.fill`, `promises.connect`. */
  readonly name: string
  /** The type of a call's result, as text. */
  readonly result: string
}

/** The results of all exported functions, and of every method of an exported class or interface. */
export const publicResults = (entries: ReadonlyArray<string>): ReadonlyArray<PublicResult> => {
  const { checker, exports } = publicExports(entries)

  const resultsOf = (entry: string, name: string, type: ts.Type): ReadonlyArray<PublicResult> =>
    checker
      .getNonNullableType(type)
      .getCallSignatures()
      .map((each) => ({ entry, name, result: checker.typeToString(each.getReturnType()) }))

  const membersOf = (entry: string, name: string, type: ts.Type): ReadonlyArray<PublicResult> =>
    type.getProperties().flatMap((each) => {
      const declaration = each.declarations?.[0]
      const isOurs = declaration?.getSourceFile().fileName.includes('/node_modules/') === false
      const isPublic =
        isOurs &&
        !(ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.NonPublicAccessibilityModifier)
      const isInternal =
        isOurs && ts.getJSDocTags(declaration).some(({ tagName }) => tagName.text === 'internal')
      const member = each.name.startsWith('__@') ? each.name.replace(/^__@(\w+)@\d+$/, '[$1]') : each.name
      return isPublic && !isInternal && !member.startsWith('#')
        ? resultsOf(entry, `${name}.${member}`, checker.getTypeOfSymbol(each))
        : []
    })

  return exports.flatMap(({ entry, name, symbol }) => {
    const value = symbol.flags & ts.SymbolFlags.Value ? checker.getTypeOfSymbol(symbol) : undefined
    const isShape = (symbol.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface)) !== 0
    return [
      ...(value === undefined ? [] : resultsOf(entry, name, value)),
      ...(value !== undefined && name === 'promises' ? membersOf(entry, name, value) : []),
      ...(isShape ? membersOf(entry, name, checker.getDeclaredTypeOfSymbol(symbol)) : []),
    ]
  })
}
