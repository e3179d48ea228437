import { createRequire } from 'node:module'
import { parse } from 'yaml'

/** What decoders read from. */
interface KaitaiStream {
  isEof(): boolean
}

/** A generated decoder: it reads as it is made. What it is told of the protocol comes last. */
export type Decoder = new (
  stream: KaitaiStream,
  parent: null,
  root: null,
  ...told: ReadonlyArray<number | boolean>
) => object

/** A decoder, and those of the types beside it. */
export type Module = Decoder & { readonly [type: string]: Decoder }

type Language = 'javascript' | 'python' | 'construct'

interface Compiler {
  readonly compile: (
    language: Language,
    file: unknown,
    importer: { readonly importYaml: (name: string) => Promise<unknown> },
    debug: boolean,
  ) => Promise<{ readonly [file: string]: string }>
}

const require = createRequire(import.meta.url)

const KaitaiStream = require('kaitai-struct/KaitaiStream') as new (bytes: ArrayBuffer) => KaitaiStream

type Version = '0.10' | '0.11'

type Yaml = { readonly [key: string]: unknown }

const isMapping = (value: unknown): value is Yaml =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The same file without what compiler 0.10 does not know: `in-enum`, and checks of repeated fields. */
const asBefore = (value: unknown, tags: ReadonlyArray<string> = []): unknown => {
  if (Array.isArray(value)) {
    return value.map((each) => asBefore(each, tags))
  }
  if (!isMapping(value)) {
    return value
  }
  const { enums, valid } = value
  const members = isMapping(enums) && isMapping(enums.tag) ? Object.values(enums.tag) : []
  const ids =
    members.length === 0 ? tags : members.map((each) => (isMapping(each) ? String(each.id) : String(each)))
  const entries = Object.entries(value).filter(
    ([key]) => key !== 'ks-version' && !(key === 'valid' && 'repeat' in value),
  )
  const kept = Object.fromEntries(entries.map(([key, each]) => [key, asBefore(each, ids)]))
  return isMapping(valid) && 'in-enum' in valid
    ? { ...kept, valid: { 'any-of': tags.map((id) => `tag::${id}`) } }
    : kept
}

/** The files of a language, made from the text of a `.ksy` file and of those that it imports. */
const compiled = (
  language: Language,
  text: string,
  imports: ReadonlyMap<string, string> = new Map(),
  version: Version = '0.11',
): Promise<{ readonly [file: string]: string }> => {
  const specOf = (each: string): unknown => (version === '0.11' ? parse(each) : asBefore(parse(each)))
  const importYaml = async (name: string): Promise<unknown> => specOf(imports.get(`${name}.ksy`) ?? '')
  return compilerOf(version).compile(language, specOf(text), { importYaml }, false)
}

/** That of 0.10 is a class. */
const compilerOf = (version: Version): Compiler =>
  version === '0.11'
    ? (require('kaitai-struct-compiler') as Compiler)
    : new (require('kaitai-struct-compiler-0.10') as new () => Compiler)()

/** All of these files, compiled at once. */
export const compiledTogether = (
  language: Language,
  files: ReadonlyMap<string, string>,
  version: Version = '0.11',
): Promise<{ readonly [file: string]: string }> => {
  const names = [...files.keys()].map((file) => file.replace('.ksy', ''))
  const text = `meta:\n  id: all_of_them\n  imports: [${names.join(', ')}]\n`
  return compiled(language, text, files, version)
}

/** The decoders of JavaScript files that are not on disk, by their names. */
export const loaded = (files: { readonly [file: string]: string }): ((name: string) => Module) => {
  const modules = new Map<string, object>()
  const load = (name: string): object => {
    const found = modules.get(name)
    if (found !== undefined) return found
    const exports = {}
    modules.set(name, exports)
    const from = (wanted: string): unknown =>
      wanted === 'kaitai-struct/KaitaiStream' ? KaitaiStream : load(wanted.replace('./', ''))
    new Function('exports', 'require', files[`${name}.js`] ?? '')(exports, from)
    return exports
  }
  return (name) => (load(name) as { readonly [name: string]: Module })[name]!
}

/** A name of a type as JavaScript has it. */
export const pascal = (id: string): string =>
  id.replace(/(?:^|_)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())

/** The decoder of a grammar that stands alone. */
export const decoderOf = async (text: string): Promise<Module> => {
  const files = await compiled('javascript', text)
  return loaded(files)(Object.keys(files)[0]!.replace('.js', ''))
}

export const read = (decoder: Decoder, bytes: Uint8Array, ...told: ReadonlyArray<number | boolean>): object =>
  new decoder(new KaitaiStream(Uint8Array.from(bytes).buffer), null, null, ...told)
