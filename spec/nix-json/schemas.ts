import { readdirSync, readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { parse } from 'yaml'
import { sharedPath } from '../support/shared.js'

type Schema = { readonly [keyword: string]: unknown }

/** The schemas of Nix. They refer to one another by file, so each goes by the name of its file here. */
const schemas = (): Ajv => {
  const ajv = new Ajv({ strict: false })
  for (const file of readdirSync(sharedPath('nix-json')).filter((name) => name.endsWith('.yaml'))) {
    const { $schema: _, ...schema } = parse(readFileSync(sharedPath('nix-json', file), 'utf8')) as Schema
    ajv.addSchema({ ...schema, $id: `nix:/${file}` })
  }
  return ajv
}

let known: Ajv | undefined

/** What a schema of Nix has against JSON; empty if nothing. */
export const schemaErrors = (name: string, json: unknown): string => {
  known ??= schemas()
  const validate = known.getSchema(`nix:/${name}`)
  if (validate === undefined) throw new Error(`there is no schema ${name}`)
  return validate(json) === true ? '' : known.errorsText(validate.errors)
}

/** An example of Nix. */
export const exampleOf = (...path: ReadonlyArray<string>): unknown =>
  JSON.parse(readFileSync(sharedPath('nix-json', 'examples', ...path), 'utf8'))

/** The examples of JSON in a folder, by their path below `examples`. */
export const examplesIn = (...path: ReadonlyArray<string>): ReadonlyArray<ReadonlyArray<string>> =>
  readdirSync(sharedPath('nix-json', 'examples', ...path))
    .filter((name) => name.endsWith('.json'))
    .map((name) => [...path, name])
