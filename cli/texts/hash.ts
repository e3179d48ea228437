import { type HashAlgorithm, type HashTexts, hashTo, parseHash } from '../../types/index.js'
import { write } from '../terminal.js'
import { jsonText } from '../visible.js'
import { argumentOf } from './read.js'

export interface ConvertOptions {
  readonly to: keyof HashTexts
  readonly type?: HashAlgorithm
  readonly json?: true
}

const forms: ReadonlyArray<keyof HashTexts> = ['base16', 'nix32', 'base64', 'sri']

/** Prints hashes in another form; as JSON in all forms. */
export const convert = async (
  texts: ReadonlyArray<string>,
  { to, type, json }: ConvertOptions,
): Promise<void> => {
  const hashes = texts.map((text) => argumentOf('hash', text, parseHash(text, type)))
  const lines = hashes.map((hash) =>
    json === true
      ? jsonText({
          algorithm: hash.algorithm,
          ...Object.fromEntries(forms.map((form) => [form, hashTo(form, hash)])),
        })
      : hashTo(to, hash),
  )
  await write(lines.map((line) => `${line}\n`).join(''))
}
