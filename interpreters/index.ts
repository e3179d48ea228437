export { type Codec, type CompileOptions, compile, type Limits, type Profile } from './compile/index.js'
export { type Excerpt, excerptStart, explain } from './explain.js'
export { fromJson, type Json, parseJson, printJson, toJson } from './json/index.js'
