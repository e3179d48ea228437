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

/** The files of a language, made from the text of a `.ksy` file and of those that it imports. */
export const compiled = (
  language: Language,
  text: string,
  imports: ReadonlyMap<string, string> = new Map(),
): Promise<{ readonly [file: string]: string }> => {
  const compiler = require('kaitai-struct-compiler') as Compiler
  const importYaml = async (name: string): Promise<unknown> => parse(imports.get(`${name}.ksy`) ?? '')
  return compiler.compile(language, parse(text), { importYaml }, false)
}

/** All of these files, compiled at once. */
export const compiledTogether = (
  language: Language,
  files: ReadonlyMap<string, string>,
): Promise<{ readonly [file: string]: string }> => {
  const names = [...files.keys()].map((file) => file.replace('.ksy', ''))
  return compiled(language, `meta:\n  id: all_of_them\n  imports: [${names.join(', ')}]\n`, files)
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

/** What the constructor of a decoder is told, and how many words that is. */
export const toldTo = (decoder: Decoder): number => decoder.length - 3
