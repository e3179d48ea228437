import { derivationPath } from '../../store/derivation/paths.js'
import { Derivation } from '../../store/derivation/text.js'
import { placeholder } from '../../store/placeholder.js'
import { contentAddressedPath, textPath } from '../../store/store-path.js'
import { contentAddressOf, parseHash, StorePath } from '../../types/index.js'
import { readAll } from '../files.js'
import { write } from '../terminal.js'
import { jsonText } from '../visible.js'
import { methods } from './path-methods.js'
import { argumentOf, computed, readText, storeOf, type TextOptions } from './read.js'

export interface ReferencesOptions extends TextOptions {
  readonly reference?: ReadonlyArray<string>
}

export interface FixedOptions extends ReferencesOptions {
  readonly method: keyof typeof methods
  readonly self?: true
}

const told = (path: string, { json }: TextOptions): Promise<void> =>
  write(`${json === true ? jsonText({ path }) : path}\n`)

const referencesOf = (options: ReferencesOptions): ReadonlyArray<StorePath> => {
  const type = StorePath.under(storeOf(options))
  return (options.reference ?? []).map((text) => argumentOf('store path', text, type.make(text)))
}

/** The path of a text. */
export const text = async (name: string, file: string, options: ReferencesOptions): Promise<void> => {
  const references = referencesOf(options)
  const contents = await readAll(file)
  await told(computed(textPath({ name, contents, references }, storeOf(options))), options)
}

/** The path of contents with a known hash. */
export const fixed = async (name: string, given: string, options: FixedOptions): Promise<void> => {
  const ca = contentAddressOf(methods[options.method], argumentOf('hash', given, parseHash(given)))
  const references = referencesOf(options)
  const self = options.self === true
  await told(computed(contentAddressedPath({ name, ca, references, self }, storeOf(options))), options)
}

/** The path of the file of a derivation. */
export const drv = async (name: string, file: string, options: TextOptions): Promise<void> => {
  const store = storeOf(options)
  const derivation = await readText(file, (bytes) => Derivation.parse(bytes, store))
  await told(computed(derivationPath({ name, derivation }, store)), options)
}

/** The placeholder of an output whose path is not known yet. */
export const outputPlaceholder = async (output: string, { json }: TextOptions): Promise<void> => {
  const made = computed(placeholder(output))
  await write(`${json === true ? jsonText({ placeholder: made }) : made}\n`)
}
