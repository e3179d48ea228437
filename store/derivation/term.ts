import { maxDerivedPathDepth } from '../../types/derived-path-value.js'
import { OutputName, StrictStorePath } from '../../types/index.js'
import { entries, formatted, list, members, set, string, type Term } from '../aterm/term.js'
import { outputTerm } from './output.js'
import type { Derivation, InputOutputs } from './value.js'

const outputName = formatted(OutputName.format)
const storePath = formatted(StrictStorePath.format)
const outputNames = set(outputName)

/** `["out"]`: outputs by name. */
const plainOutputs: Term<InputOutputs> = {
  read: (reader, path) => ({ outputs: outputNames.read(reader, path), dynamic: new Map() }),
  write: (writer, { outputs, dynamic }, path) => {
    if (dynamic.size > 0) writer.refuse(path, 'no outputs of outputs', 'some')
    outputNames.write(writer, outputs, path)
  },
}

const tooDeep = `at most ${maxDerivedPathDepth} levels of derivations`

/** `["out"]`, or `(["out"],[("a",["b"])])`: outputs by name, and outputs of outputs. */
const dynamicOutputs: Term<InputOutputs> = {
  read: (reader, path) => {
    if (!reader.next('(')) return plainOutputs.read(reader, path)
    if (reader.depth >= maxDerivedPathDepth) reader.refuse(reader.at, path, tooDeep)
    reader.depth++
    reader.expect('(', path)
    const outputs = outputNames.read(reader, path)
    reader.expect(',', path)
    const start = reader.at
    const dynamic = inner.read(reader, path)
    if (dynamic.size === 0) reader.refuse(start, path, 'outputs of outputs, or none of these parentheses')
    reader.expect(')', path)
    reader.depth--
    return { outputs, dynamic }
  },
  write: (writer, value, path) => {
    if (value.dynamic.size === 0) {
      plainOutputs.write(writer, value, path)
      return
    }
    if (writer.depth >= maxDerivedPathDepth) writer.refuse(path, tooDeep, 'more')
    writer.depth++
    writer.mark('(', path)
    outputNames.write(writer, value.outputs, path)
    writer.mark(',', path)
    inner.write(writer, value.dynamic, path)
    writer.mark(')', path)
    writer.depth--
  },
}

const inner: Term<InputOutputs['dynamic']> = {
  read: (reader, path) => entries(outputName, dynamicOutputs).read(reader, path),
  write: (writer, value, path) => entries(outputName, dynamicOutputs).write(writer, value, path),
}

/** The fields of a derivation, with a given way to name its inputs. */
export type FieldsOf<Input extends string> = Omit<Derivation, 'inputDrvs'> & {
  readonly inputDrvs: ReadonlyMap<Input, InputOutputs>
}

const fields = <Input extends string>(
  input: Term<Input>,
  inputOutputs: Term<InputOutputs>,
): Term<FieldsOf<Input>> =>
  members<FieldsOf<Input>>({
    outputs: entries(outputName, outputTerm),
    inputDrvs: entries(input, inputOutputs),
    inputSrcs: set(storePath),
    platform: string,
    builder: string,
    args: list(string),
    env: entries(string, string),
  })

const plain = fields(storePath, plainOutputs)
const dynamic = fields(storePath, dynamicOutputs)

const version = 'xp-dyn-drv'

const isDynamic = ({ inputDrvs }: Derivation): boolean =>
  inputDrvs instanceof Map && [...inputDrvs.values()].some((each: InputOutputs) => each.dynamic.size > 0)

/**
 * `Derive(…)`; or `DrvWithVersion("xp-dyn-drv",…)`, which is written only if a derivation has inputs that are outputs
 * of outputs.
 */
export const derivationTerm: Term<Derivation> = {
  read: (reader, path) => {
    if (!reader.next('DrvWithVersion(')) {
      reader.expect('Derive(', path)
      const value = plain.read(reader, path)
      reader.expect(')', path)
      return value
    }
    reader.expect('DrvWithVersion(', path)
    const token = reader.string(path)
    if (token.value !== version) reader.refuse(token.start, path, `the version "${version}"`)
    reader.expect(',', path)
    const value = dynamic.read(reader, path)
    if (!isDynamic(value)) reader.refuse(token.start, path, 'outputs of outputs, which this version is for')
    reader.expect(')', path)
    return value
  },
  write: (writer, value, path) => {
    if (isDynamic(value)) {
      writer.mark('DrvWithVersion(', path)
      writer.string(version, path)
      writer.mark(',', path)
      dynamic.write(writer, value, path)
    } else {
      writer.mark('Derive(', path)
      plain.write(writer, value, path)
    }
    writer.mark(')', path)
  },
}

const byHash = fields(string, plainOutputs)

/** The same with hashes in place of the input derivations: it is hashed, and never stored. */
export const moduloTerm: Term<FieldsOf<string>> = {
  read: (reader, path) => {
    reader.expect('Derive(', path)
    const value = byHash.read(reader, path)
    reader.expect(')', path)
    return value
  },
  write: (writer, value, path) => {
    writer.mark('Derive(', path)
    byHash.write(writer, value, path)
    writer.mark(')', path)
  },
}
