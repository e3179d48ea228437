import { isSome, none, type Option, some } from 'fp-ts/lib/Option.js'

/**
 * The reference implementation's JSON turned into our values. Nothing of the library is used, and each function
 * takes every member of its object, so that a member nobody compares cannot hide.
 */

export type Json = null | boolean | number | string | ReadonlyArray<Json> | { readonly [key: string]: Json }
type JsonObject = { readonly [key: string]: Json }

const storeDir = '/nix/store'

/** The members of an object; those that are not asked for fail the test. */
const members = <K extends string>(json: Json, ...names: ReadonlyArray<K>): { readonly [N in K]: Json } => {
  const object = json as JsonObject
  const surplus = Object.keys(object).filter((key) => !(names as ReadonlyArray<string>).includes(key))
  if (surplus.length > 0) throw new Error(`nobody compares ${surplus.join(', ')}`)
  return object as { readonly [N in K]: Json }
}

export const list = (json: Json): ReadonlyArray<Json> => {
  if (!Array.isArray(json)) throw new Error('not a list of values')
  return json
}

/** A twin that is one value and not a list of them. */
export const single = (json: Json): ReadonlyArray<Json> => [json]

export const itself = (json: Json): unknown => json

export const optional =
  (translate: (json: Json) => unknown) =>
  (json: Json): Option<unknown> =>
    json === null ? none : some(translate(json))

export const storePath = (json: Json): string => `${storeDir}/${json}`

const sri = (json: Json): { readonly algorithm: string; readonly bytes: Buffer } => {
  const [algorithm = '', base64 = ''] = String(json).split(/-(.*)/s)
  return { algorithm, bytes: Buffer.from(base64, 'base64') }
}

/** Five bits a digit, the last bits of the number first in memory and last in the text. */
const nix32 = (bytes: Buffer): string => {
  let number = BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`)
  let text = ''
  for (let i = 0; i < Math.ceil((bytes.length * 8) / 5); i++) {
    text = '0123456789abcdfghijklmnpqrsvwxyz'[Number(number % 32n)] + text
    number /= 32n
  }
  return text
}

const methods: { readonly [name: string]: string } = { text: 'Text', flat: 'Flat', nar: 'NixArchive' }

export const contentAddress = (json: Json): unknown => {
  const { hash, method } = members(json, 'hash', 'method')
  const { algorithm, bytes } = sri(hash)
  return { _tag: methods[String(method)], algorithm, digest: nix32(bytes) }
}

export const drvOutputText = (json: Json): unknown => {
  const [, algorithm, digest, outputName] = /^([^:]*):([^!]*)!(.*)$/.exec(String(json)) ?? []
  return { _tag: 'Hash', algorithm, digest, outputName }
}

const drvOutputRecord = (json: Json) => {
  const { drvPath, outputName } = members(json, 'drvPath', 'outputName')
  return { drvPath: storePath(drvPath), outputName }
}

export const drvOutput = (json: Json): unknown => ({ _tag: 'Path', ...drvOutputRecord(json) })

const signature = (json: Json): unknown => {
  if (typeof json === 'string') return json
  const { keyName, sig } = members(json, 'keyName', 'sig')
  return `${keyName}:${sig}`
}

export const unkeyedRealisation = (json: Json) => {
  const { outPath, signatures } = members(json, 'outPath', 'signatures')
  return { outPath: storePath(outPath), signatures: list(signatures).map(signature) }
}

export const keyedRealisation = (json: Json): unknown => {
  const { key, value } = members(json, 'key', 'value')
  return { _tag: 'Path', id: drvOutputRecord(key), ...unkeyedRealisation(value) }
}

const sortedText = (json: Json): string => JSON.stringify(json)

/** `kept`: the bytes have another text than the canonical one. */
export const jsonRealisation =
  (kept: (json: Json) => boolean) =>
  (json: Json): unknown => {
    const { dependentRealisations, id, outPath, signatures } = members(
      json,
      'dependentRealisations',
      'id',
      'outPath',
      'signatures',
    )
    return {
      _tag: 'Hash',
      id: drvOutputText(id),
      outPath,
      signatures: list(signatures).map(signature),
      dependentRealisations: new Map(Object.entries(dependentRealisations as JsonObject)),
      text: kept(json) ? some(sortedText(json)) : none,
    }
  }

/** Nix 2.35 and later without the feature: a hash of zeros, and only `id` and `outPath`. */
const sparseRealisation = (name: string, json: Json) => {
  const { outPath, signatures } = members(json, 'outPath', 'signatures')
  const id = `sha256:${'0'.repeat(64)}!${name}`
  return {
    _tag: 'Hash',
    key: drvOutputText(id),
    realisation: {
      _tag: 'Hash',
      id: drvOutputText(id),
      outPath,
      signatures: list(signatures),
      dependentRealisations: new Map(),
      text: some(`{"id":"${id}","outPath":"${outPath}"}`),
    },
  }
}

export type Outputs = 'none' | 'hash' | 'sparse' | 'path'

const builtOutput = (outputs: Outputs, name: string, json: Json): unknown => {
  switch (outputs) {
    case 'none':
      throw new Error(`this protocol sends no outputs, and the twin has ${name}`)
    case 'hash':
      return {
        _tag: 'Hash',
        key: drvOutputText((json as JsonObject).id ?? null),
        realisation: jsonRealisation(() => false)(json),
      }
    case 'sparse':
      return sparseRealisation(name, json)
    case 'path':
      return { _tag: 'Path', ...unkeyedRealisation(json) }
  }
}

/** A success has no message, a failure no outputs, and what is not told is 0 or none. */
export const buildResult =
  (outputs: Outputs) =>
  (json: Json): unknown => {
    const { status, success, ...given } = members(
      json,
      'status',
      'success',
      'errorMsg',
      'timesBuilt',
      'isNonDeterministic',
      'startTime',
      'stopTime',
      'cpuUser',
      'cpuSystem',
      'builtOutputs',
    )
    if (success !== (given.errorMsg === undefined)) throw new Error('a message goes with a failure')
    const micros = (duration: Json | undefined) =>
      duration === undefined ? none : some(BigInt(duration as number))
    return {
      status,
      errorMsg: given.errorMsg ?? '',
      timesBuilt: given.timesBuilt,
      isNonDeterministic: given.isNonDeterministic ?? false,
      startTime: BigInt(given.startTime as number),
      stopTime: BigInt(given.stopTime as number),
      cpuUser: micros(given.cpuUser),
      cpuSystem: micros(given.cpuSystem),
      builtOutputs: new Map(
        Object.entries((given.builtOutputs ?? {}) as JsonObject).map(([name, output]) => [
          name,
          builtOutput(outputs, name, output),
        ]),
      ),
    }
  }

/** The serve protocol tells no processor's time, and below 2.3 no times at all. */
export const serveResult =
  (outputs: Outputs) =>
  (json: Json): unknown => {
    const { cpuUser, cpuSystem, ...result } = buildResult(outputs)(json) as {
      readonly cpuUser: Option<unknown>
      readonly cpuSystem: Option<unknown>
    }
    if (isSome(cpuUser) || isSome(cpuSystem)) throw new Error('this protocol sends no processor time')
    return result
  }

export const derivedPath = (json: Json): unknown => {
  if (typeof json === 'string') return { _tag: 'Opaque', path: storePath(json) }
  const { drvPath, outputs } = members(json, 'drvPath', 'outputs')
  const names = list(outputs)
  return {
    _tag: 'Built',
    drvPath: derivedPath(drvPath),
    outputs: names[0] === '*' ? { _tag: 'All' } : { _tag: 'Names', names },
  }
}

export const keyedBuildResult = (json: Json): unknown => {
  const { path, ...result } = json as JsonObject
  return { path: derivedPath(path ?? null), result: buildResult('none')(result) }
}

const pathInfoMembers = [
  'ca',
  'deriver',
  'narHash',
  'narSize',
  'references',
  'registrationTime',
  'signatures',
  'storeDir',
  'ultimate',
  'version',
] as const

export const unkeyedPathInfo = (json: Json): unknown => {
  const info = members(json, ...pathInfoMembers)
  if (info.storeDir !== storeDir || info.version !== 3) throw new Error('the twin is of another kind')
  return {
    deriver: optional(storePath)(info.deriver),
    narHash: sri(info.narHash).bytes.toString('hex'),
    references: list(info.references).map(storePath),
    registrationTime: BigInt(info.registrationTime as number),
    narSize: BigInt(info.narSize as number),
    ultimate: info.ultimate,
    signatures: list(info.signatures).map(signature),
    ca: optional(contentAddress)(info.ca),
  }
}

/** The serve protocol tells no registration time; the size twice; below 2.4 no hash, which is all zeros in the twin. */
export const servePathInfo =
  (hash: 'none' | 'known') =>
  (json: Json): unknown => {
    const info = members(json, ...pathInfoMembers)
    if (info.registrationTime !== null || info.ultimate !== false)
      throw new Error('the twin is of another kind')
    const { narHash, narSize, ...others } = unkeyedPathInfo({ ...info, registrationTime: 0 }) as {
      readonly narHash: string
      readonly narSize: bigint
      readonly registrationTime?: unknown
      readonly ultimate?: unknown
    }
    const { registrationTime: _time, ultimate: _ultimate, ...rest } = others
    if (hash === 'none' && narHash !== '0'.repeat(64)) throw new Error(`this protocol sends no ${narHash}`)
    return {
      ...rest,
      downloadSize: narSize,
      narSize,
      narHash: hash === 'none' ? none : some(narHash),
    }
  }

export const pathInfo = (json: Json): unknown => {
  const { path, ...info } = json as JsonObject
  return { path: storePath(path ?? null), info: unkeyedPathInfo(info) }
}

export const buildMode = (json: Json): unknown => ['Normal', 'Repair', 'Check'][json as number]

export const trusted = (json: Json): Option<unknown> =>
  json === null ? none : some(json === true ? 'Trusted' : 'NotTrusted')
