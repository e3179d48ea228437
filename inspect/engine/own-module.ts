import { parse } from 'es-module-lexer/js'
import * as either from 'fp-ts/lib/Either.js'
import * as functions from 'fp-ts/lib/function.js'
import * as option from 'fp-ts/lib/Option.js'
import * as combinators from '../../combinators/index.js'
import * as conversation from '../../conversation/index.js'
import * as grammar from '../../grammar/index.js'
import * as root from '../../index.js'

/** The modules that a user's module may import, by specifier: the page's own library. */
const offered: { readonly [specifier: string]: object } = {
  'nix-wire': root,
  'nix-wire/combinators': combinators,
  'nix-wire/conversation': conversation,
  'nix-wire/grammar': grammar,
  'fp-ts': { either, option, function: functions },
  'fp-ts/lib/Either.js': either,
  'fp-ts/lib/Option.js': option,
  'fp-ts/lib/function.js': functions,
}

/** The global property for those modules: a module run from a blob shares only the global scope. */
const place = '__nixWireOffered'

const addressOf = (source: string): string =>
  URL.createObjectURL(new Blob([source], { type: 'text/javascript' }))

/** The addresses of modules with the same exports, by specifier. */
const shims = new Map<string, string>()
const shimOf = (specifier: string): string => {
  const known = shims.get(specifier)
  if (known !== undefined) {
    return known
  }
  const from = `globalThis.${place}[${JSON.stringify(specifier)}]`
  const names = Object.keys(offered[specifier] ?? {}).filter((name) => name !== 'default')
  const lines = names.map((name, at) => `const e${at} = ${from}.${name}\nexport { e${at} as ${name} }\n`)
  const address = addressOf(lines.join(''))
  shims.set(specifier, address)
  return address
}

/**
 * The source with its imports replaced by addresses. @throws TypeError for an import that the page does not have.
 */
const linked = (source: string): string => {
  const [imports] = parse(source)
  let text = ''
  let at = 0
  for (const each of imports) {
    // `import.meta`, imports whose name is computed, and type imports, which are not code.
    if (each.type === 'import-meta' || each.specifier === undefined) {
      continue
    }
    const { specifier, start, end } = each
    if (!Object.hasOwn(offered, specifier)) {
      throw new TypeError(
        `it imports ${JSON.stringify(specifier)}, and a module in the page may only import ${Object.keys(offered).join(', ')}: ` +
          'bundle it into one file',
      )
    }
    const quote = each.type === 'dynamic' ? '"' : ''
    text += `${source.slice(at, start)}${quote}${shimOf(specifier)}${quote}`
    at = end
  }
  return text + source.slice(at)
}

/** Runs a module with this library for its imports, and returns its exports. */
export const exportsOf = async (source: string): Promise<object> => {
  Object.defineProperty(globalThis, place, { value: offered, configurable: true })
  const address = addressOf(linked(source))
  try {
    return await import(/* @vite-ignore */ address)
  } finally {
    URL.revokeObjectURL(address)
  }
}
