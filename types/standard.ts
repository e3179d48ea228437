import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec'

/** The property `~standard` that libraries with Standard Schema look for. */
export type StandardProps<Input, Output> = StandardSchemaV1.Props<Input, Output> &
  StandardJSONSchemaV1.Props<Input, Output>

/** The targets of a JSON Schema that a library may ask for. */
type Target = StandardJSONSchemaV1.Target

/** Makes a JSON Schema for a target; undefined if there is none. */
export type SchemaFor = (target: Target) => Record<string, unknown> | undefined

const schemaFor =
  (of: string, find: SchemaFor): StandardJSONSchemaV1.Converter['input'] =>
  ({ target }) => {
    const schema = find(target)
    if (schema === undefined) {
      throw new TypeError(`there is no JSON Schema of ${of} for ${target}`)
    }
    return schema
  }

/** The Standard Schema of a validating type. */
export const standardProps = <Input, Output>(
  name: string,
  validate: StandardSchemaV1.Props<Input, Output>['validate'],
  input: SchemaFor,
  output: SchemaFor = () => undefined,
): StandardProps<Input, Output> => ({
  version: 1,
  vendor: 'nix-wire',
  validate,
  jsonSchema: {
    input: schemaFor(`the input of ${name}`, input),
    output: schemaFor(`the output of ${name}`, output),
  },
})
