import fc from 'fast-check'
import { stringify } from 'lossless-json'
import * as G from '../../grammar/index.js'
import { bytesOf, type Codec, compile, type Grammar, hexOf, type Protocol, tuple } from '../../index.js'
import {
  dissect,
  dissectionJson,
  fromJson,
  parseJson,
  printJson,
  renderDissection,
  runParser,
  toJson,
  toJsonSchema,
  toMalformed,
  toMarkdown,
  toParser,
} from '../../interpreters/index.js'
import { checkLaws, toArbitrary } from '../../laws/index.js'
import { NixReader } from '../../stream/nix-reader.js'
import { Signature, StorePath } from '../../types/index.js'

/** Plain data of everything the library makes of the bytes, the same on every platform. */
export type Report = { readonly [name: string]: unknown }

const given = { version: '1.34' } as const
const reply = tuple(G.Bool64, G.UnkeyedValidPathInfo)

const readings = async <A>(
  grammar: Grammar<A>,
  protocol: Partial<Protocol>,
  bytes: Uint8Array,
  codec: Codec<A>,
): Promise<Report> => {
  const decoded = codec.decode(bytes)
  const encoded = decoded._tag === 'Right' ? codec.encode(decoded.right) : decoded
  const json = decoded._tag === 'Right' ? toJson(grammar, protocol, decoded.right) : decoded
  const text = json._tag === 'Right' ? printJson(json.right) : ''
  const parsed = parseJson(text)
  const back = parsed._tag === 'Right' ? fromJson(grammar, protocol, parsed.right) : parsed
  const reader = new NixReader([bytes.subarray(0, 77), bytes.subarray(77)], { protocol })
  const dissection = dissect(grammar, protocol, bytes)
  return {
    decoded,
    encoded: encoded._tag === 'Right' ? hexOf(encoded.right) : encoded,
    parsed: runParser(toParser(grammar, protocol), bytes),
    streamed: await reader.readValue(grammar)(),
    dissected: dissectionJson(dissection),
    rendered: renderDissection(dissection),
    text,
    back: back._tag === 'Right' ? codec.encode(back.right)._tag : back,
  }
}

/** The same values wherever they are drawn. */
const generated = (): ReadonlyArray<unknown> => {
  const codec = compile(G.BuildResult, given)
  return fc
    .sample(toArbitrary(G.BuildResult, given), { seed: 7, numRuns: 20 })
    .map((value) => codec.encode(value))
    .map((bytes) => (bytes._tag === 'Right' ? hexOf(bytes.right) : bytes))
}

/** What the library makes of two recorded messages and of broken ones, and what else it does without input. */
export const report = async (pathInfoHex: string, replyHex: string): Promise<string> => {
  const pathInfo = bytesOf(pathInfoHex)
  const broken = pathInfo.slice()
  broken[0x50] = 0x7a
  const codecs = {
    usual: compile(G.ValidPathInfo, given),
    loops: compile(G.ValidPathInfo, given, { evaluate: false }),
  }
  return (
    stringify(
      {
        pathInfo: await readings(G.ValidPathInfo, given, pathInfo, codecs.usual),
        loops: await readings(G.ValidPathInfo, given, pathInfo, codecs.loops),
        broken: await readings(G.ValidPathInfo, given, broken, codecs.usual),
        short: await readings(G.ValidPathInfo, given, pathInfo.subarray(0, 300), codecs.usual),
        reply: await readings(reply, given, bytesOf(replyHex), compile(reply, given)),
        markdown: toMarkdown('ValidPathInfo', G.ValidPathInfo),
        schema: toJsonSchema(G.BuildResult, given),
        rules: toMalformed(G.BuildResult).rules,
        generated: generated(),
        laws: await checkLaws(G.UnkeyedValidPathInfo, { seed: 1, runs: 5, versions: ['1.15', '1.34'] }),
        texts: [
          StorePath.make('/nix/store/43c29sgdpjbvrxsal68273n6g81s2kni-letter txt'),
          Signature.is(
            'example-1:89+Ss+PP5sPEWfmBi1DVW/LRbN0221tv5PtMBDXSydgYXzmM2sCqeFXyF5+NoczUxDcFLOTOlPiPznVu908rCA==',
          ),
        ],
      },
      undefined,
      1,
    ) ?? ''
  )
}
