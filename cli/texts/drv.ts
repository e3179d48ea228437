import { basename } from 'node:path'
import { isLeft } from 'fp-ts/lib/Either.js'
import { decodeEscaped } from '../../bytes/escaped.js'
import { escapeUnseen } from '../../combinators/show.js'
import { derivationJson } from '../../store/derivation/json.js'
import { derivationPath, parseNamedDerivation } from '../../store/derivation/paths.js'
import { Derivation } from '../../store/derivation/text.js'
import { sortedDerivation } from '../../store/derivation/value.js'
import type { StoreOptions } from '../../store/options.js'
import { BaseStorePath, type DerivationOutput, storePathNameOf } from '../../types/index.js'
import { Failure } from '../failure.js'
import { write } from '../terminal.js'
import { jsonText, visible } from '../visible.js'
import { computed, readText, storeOf, type TextOptions } from './read.js'

export interface DrvOptions extends TextOptions {
  readonly name?: string
}

export interface ShowOptions extends DrvOptions {
  readonly jsonVersion?: 3 | 4
}

const drv = '.drv'

/** The name of a derivation: given, or from the name of its file. */
const nameOf = (file: string, { name }: DrvOptions): string | undefined => {
  if (name !== undefined) return name
  const base = BaseStorePath.make(basename(file))
  return isLeft(base) || !base.right.endsWith(drv)
    ? undefined
    : storePathNameOf(base.right).slice(0, -drv.length)
}

const read = (file: string, name: string | undefined, store: StoreOptions): Promise<Derivation> =>
  readText(file, (bytes) =>
    name === undefined ? Derivation.parse(bytes, store) : parseNamedDerivation(bytes, name, store),
  )

const outputText = (output: DerivationOutput): string => {
  switch (output._tag) {
    case 'InputAddressed':
      return output.path
    case 'CAFixed':
      return `${output.path} (${output.method} ${output.algorithm}:${output.digest})`
    case 'CAFloating':
      return `follows from its content (${output.method} ${output.algorithm})`
    case 'Deferred':
      return 'follows from its inputs'
    case 'Impure':
      return `may differ each time (${output.method} ${output.algorithm})`
  }
}

type Row = readonly [title: string, text: string]

const listed = (title: string, texts: ReadonlyArray<string>): ReadonlyArray<Row> =>
  texts.map((text, index) => [index === 0 ? title : '', text])

const rowsOf = ({ outputs, inputDrvs, inputSrcs, platform, builder, args, env }: Derivation) => [
  ...listed(
    'outputs',
    [...outputs].map(([name, output]) => `${name}: ${outputText(output)}`),
  ),
  ...listed(
    'made from',
    [...inputDrvs].map(([path, each]) => `${path}^${[...each.outputs, ...each.dynamic.keys()].join(',')}`),
  ),
  ...listed('sources', inputSrcs),
  ...listed('platform', [platform]),
  ...listed('builder', [builder]),
  ...listed(
    'arguments',
    args.map((each) => JSON.stringify(each)),
  ),
  ...listed(
    'environment',
    [...env].map(([key, value]) => `${key}=${JSON.stringify(value)}`),
  ),
]

/** Shows the contents of a .drv file. */
export const show = async (file: string, options: ShowOptions): Promise<void> => {
  const store = storeOf(options)
  const name = nameOf(file, options)
  const derivation = await read(file, name, store)
  if (options.json === true) {
    if (name === undefined) {
      throw new Failure(2, 'the JSON has the name of the derivation: give it with --name')
    }
    const version = options.jsonVersion ?? 4
    await write(`${escapeUnseen(computed(derivationJson({ name, derivation }, { version })))}\n`)
    return
  }
  const rows = rowsOf(derivation).map(([title, text]) => `${title.padEnd(11)} ${visible(text)}`)
  await write(`${rows.join('\n')}\n`)
}

/** Prints a .drv file as Nix would write it, or in JSON its path and its text. */
export const print = async (file: string, options: DrvOptions): Promise<void> => {
  const store = storeOf(options)
  const name = nameOf(file, options)
  const derivation = await read(file, name, store)
  const bytes = computed(Derivation.print(sortedDerivation(derivation), store))
  if (options.json !== true) {
    await write(bytes)
    return
  }
  const path = name === undefined ? null : computed(derivationPath({ name, derivation }, store))
  await write(`${jsonText({ path, text: decodeEscaped(bytes) }, 2)}\n`)
}
