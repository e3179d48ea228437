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
import { NarInfo, PublicKey, parseSecretKey, tasks, withSignature } from '../../store/index.js'
import { NixReader } from '../../stream/nix-reader.js'
import { Signature, StorePath } from '../../types/index.js'

/** The results of the library for the bytes as plain data, the same on every platform. */
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

/** The same generated values on every platform. */
const generated = (): ReadonlyArray<unknown> => {
  const codec = compile(G.BuildResult, given)
  return fc
    .sample(toArbitrary(G.BuildResult, given), { seed: 7, numRuns: 20 })
    .map((value) => codec.encode(value))
    .map((bytes) => (bytes._tag === 'Right' ? hexOf(bytes.right) : bytes))
}

// Of cache.nixos.org, and the key of RFC 8032, 7.1, test 2.
const narInfo = `StorePath: /nix/store/c0j2xd95yiaxwalbpvja947x0ivdbxkx-pkgdepends_0.2.0.tar.gz
URL: nar/0f0njprfkkp2kkdk0v8i79cg25ss501dcqdl20x60g1a0lk8hph5.nar.xz
NarHash: sha256:0qf4kam1lkvbkmx0br65919pgrgs91ivjpvgpgj296ply1j0c2ks
NarSize: 294304
Sig: cache.nixos.org-1:NwwLds6UjG5WF/T3vdXjYKRMyd6HHx84XD/lOTgWY6tVOvlauyVmwYITFfhRrwtCnsa9GRkC6zCA10Tx+vHgAg==
`
const cacheKey = 'cache.nixos.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY='
const secretKey =
  'example-1:TM0Imyj/ltqdtsNG7BFOD1uKMZ81q6Yk2oz27U+4pvs9QBfD6EOJWpK3CqdNG368nJgszy7ElozAzVXxKvRmDA=='

/** The results of WebCrypto for the texts of a store. */
const storeTexts = async (): Promise<Report> => {
  const [info, theirs, ours] = [NarInfo.parse(narInfo), PublicKey.make(cacheKey), parseSecretKey(secretKey)]
  if (info._tag === 'Left' || theirs._tag === 'Left' || ours._tag === 'Left') return { info, theirs, ours }
  const signature = await tasks.sign(info.right, ours.right)()
  const signed = signature._tag === 'Right' ? withSignature(info.right, signature.right) : info.right
  const printed = NarInfo.print(signed)
  return {
    textPath: await tasks.textPath({ name: 'letter.txt', contents: 'Dear reader' })(),
    signature,
    printed: printed._tag === 'Right' ? hexOf(printed.right) : printed,
    verified: await tasks.verify(signed, [theirs.right, ours.right.publicKey])(),
    broken: NarInfo.parse(narInfo.replace('294304', 'big')),
  }
}

/** The results of the library for two recorded messages and for broken ones, and for other inputs. */
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
        store: await storeTexts(),
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
