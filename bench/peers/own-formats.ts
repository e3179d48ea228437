import { create, createFileRegistry, fromBinary, toBinary } from '@bufbuild/protobuf'
import {
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
} from '@bufbuild/protobuf/wkt'
import { Packr } from 'msgpackr'
import protobuf from 'protobufjs'
import type { PlainPathInfo } from '../workloads/w1.js'
import type { Peer } from './peer.js'

/** What people use instead of this protocol: the same records, in a form of the library's own. */

interface NumberInfo extends Omit<PlainPathInfo['info'], 'registrationTime' | 'narSize'> {
  readonly registrationTime: number
  readonly narSize: number
}

interface NumberPathInfo {
  readonly path: string
  readonly info: NumberInfo
}

/** 64-bit integers as numbers: the fastest for these forms, and exact enough for the values here. */
const withNumbers = (value: readonly (PlainPathInfo | NumberPathInfo)[]): NumberPathInfo[] =>
  value.map(({ path, info }) => ({
    path,
    info: {
      deriver: info.deriver,
      narHash: info.narHash,
      references: info.references,
      registrationTime: Number(info.registrationTime),
      narSize: Number(info.narSize),
      ultimate: info.ultimate,
      signatures: info.signatures,
      ca: info.ca,
    },
  }))

/** The library's messages, with its own integers, as the values that were written. */
const plain = (decoded: unknown): NumberPathInfo[] => withNumbers(decoded as NumberPathInfo[])

/** The values with numbers are made once, since that is not the library's work. */
const made = new WeakMap<readonly PlainPathInfo[], NumberPathInfo[]>()
const numbersOf = (value: readonly PlainPathInfo[]): NumberPathInfo[] => {
  const known = made.get(value) ?? withNumbers(value)
  made.set(value, known)
  return known
}

const own = (write: (value: NumberPathInfo[]) => Uint8Array): Required<Pick<Peer, 'encode' | 'own'>> => ({
  encode: (value) => write(numbersOf(value)),
  own: { write: (value) => write(numbersOf(value)), value: withNumbers, plain },
})

export const json: Peer = {
  name: 'JSON',
  version: `Node ${process.versions.node}`,
  note: 'its own form, numbers for 64 bits',
  aheadBy: { decode: 1.3, encode: 1.8 },
  ...own((value) => Buffer.from(JSON.stringify(value), 'utf8')),
  decode: (bytes) =>
    JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')),
}

const packr = new Packr({ useRecords: true, int64AsType: 'number' })

export const msgpackr: Peer = {
  name: 'msgpackr',
  version: '2.1.3',
  note: 'its own form, with records, numbers for 64 bits',
  ...own((value) => new Uint8Array(packr.pack(value))),
  decode: (bytes) => packr.unpack(bytes),
}

const schema = `
  syntax = "proto3";
  message Info {
    string deriver = 1; string narHash = 2; repeated string references = 3; uint64 registrationTime = 4;
    uint64 narSize = 5; bool ultimate = 6; repeated string signatures = 7; string ca = 8;
  }
  message PathInfo { string path = 1; Info info = 2; }
  message Message { repeated PathInfo items = 1; }
`
const Message = protobuf.parse(schema, { keepCase: true }).root.lookupType('Message')

export const protobufjs: Peer = {
  name: 'protobufjs',
  version: '8.8.1',
  note: 'its own form, Long for 64 bits',
  encode: (value) => Message.encode({ items: numbersOf(value) }).finish(),
  own: {
    write: (value) => new Uint8Array(Message.encode({ items: numbersOf(value) }).finish()),
    value: withNumbers,
    plain,
  },
  decode: (bytes) => (Message.decode(bytes) as unknown as { readonly items: unknown }).items,
}

const field = (name: string, number: number, type: Type, label = Label.OPTIONAL, typeName = '') => ({
  name,
  number,
  type,
  label,
  ...(typeName && { typeName }),
})

const file = create(FileDescriptorProtoSchema, {
  name: 'path-info.proto',
  syntax: 'proto3',
  messageType: [
    {
      name: 'Info',
      field: [
        field('deriver', 1, Type.STRING),
        field('narHash', 2, Type.STRING),
        field('references', 3, Type.STRING, Label.REPEATED),
        field('registrationTime', 4, Type.UINT64),
        field('narSize', 5, Type.UINT64),
        field('ultimate', 6, Type.BOOL),
        field('signatures', 7, Type.STRING, Label.REPEATED),
        field('ca', 8, Type.STRING),
      ],
    },
    {
      name: 'PathInfo',
      field: [field('path', 1, Type.STRING), field('info', 2, Type.MESSAGE, Label.OPTIONAL, '.Info')],
    },
    { name: 'Message', field: [field('items', 1, Type.MESSAGE, Label.REPEATED, '.PathInfo')] },
  ],
})
const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: [file] }))
const MessageSchema = registry.getMessage('Message')!

const esMessages = new WeakMap<readonly PlainPathInfo[], ReturnType<typeof create<typeof MessageSchema>>>()
const esMessage = (value: readonly PlainPathInfo[]) => {
  const known = esMessages.get(value) ?? create(MessageSchema, { items: value } as never)
  esMessages.set(value, known)
  return known
}

export const protobufEs: Peer = {
  name: 'protobuf-es',
  version: '2.17.0',
  note: 'its own form, bigint for 64 bits',
  encode: (value) => toBinary(MessageSchema, esMessage(value)),
  own: {
    write: (value) => toBinary(MessageSchema, esMessage(value)),
    value: withNumbers,
    plain,
  },
  decode: (bytes) => (fromBinary(MessageSchema, bytes) as unknown as { readonly items: unknown }).items,
}
