export { type Codec, type CompileOptions, compile, type Limits, type Profile } from './compile/index.js'
