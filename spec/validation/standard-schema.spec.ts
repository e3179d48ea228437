import { sValidator } from '@hono/standard-validator'
import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec'
import { initTRPC, TRPCError } from '@trpc/server'
import { expect } from 'chai'
import { expectTypeOf } from 'expect-type'
import { Hono } from 'hono'
import { bytesOf, setOf, struct, u64, utf8 } from '../../combinators/index.js'
import { ValidPathInfo } from '../../grammar/index.js'
import { toJsonSchema } from '../../interpreters/index.js'
import { ContentAddress, StorePath } from '../../types/index.js'
import { toJsonType, toType } from '../../validation/index.js'

const Tea = struct('Tea', { name: utf8, grams: u64 })
const path = '/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo'

const validated = (schema: StandardSchemaV1, input: unknown): StandardSchemaV1.Result<unknown> => {
  const result = schema['~standard'].validate(input)
  if (result instanceof Promise) throw new Error('it answers at once')
  return result
}

describe('the Standard Schema of a text type', () => {
  it('validates', () => {
    expect(validated(StorePath, `${path}/`)).to.deep.equal({ value: path })
    expect(validated(StorePath, '/etc')).to.deep.equal({
      issues: [{ message: 'expected a path in /nix/store at position 1, got "etc"' }],
    })
    expect(validated(StorePath, 7)).to.deep.equal({
      issues: [{ message: 'expected a store path, got number' }],
    })
    expect(validated(StorePath.under({ storeDir: '/gnu/store' }), path)).to.have.property('issues')
  })

  it('is the same object each time', () => {
    for (const type of [StorePath, toType(Tea), toJsonType(Tea)]) {
      expect(type['~standard']).to.equal(type['~standard'])
    }
    expect(StorePath.under({})['~standard']).not.to.equal(StorePath['~standard'])
  })

  it('has the JSON Schema of the canonical text, if the value is one', () => {
    const { input, output } = StorePath['~standard'].jsonSchema
    for (const target of ['draft-2020-12', 'draft-07', 'openapi-3.0'] as const) {
      expect(input({ target })).to.deep.equal(output({ target }))
      expect(path).to.match(new RegExp(String(input({ target }).pattern), 'u'))
    }
    expect(() => input({ target: 'draft-00' })).to.throw(
      TypeError,
      'no JSON Schema of the input of StorePath',
    )
    const address = ContentAddress['~standard'].jsonSchema
    expect(address.input({ target: 'draft-07' })).to.deep.equal({ type: 'string' })
    expect(() => address.output({ target: 'draft-07' })).to.throw(TypeError)
  })

  it('has the types of both sides', () => {
    expectTypeOf<StandardSchemaV1.InferInput<typeof StorePath>>().toEqualTypeOf<string>()
    expectTypeOf<StandardSchemaV1.InferOutput<typeof StorePath>>().toEqualTypeOf<StorePath>()
    expectTypeOf(StorePath).toExtend<StandardJSONSchemaV1<string, StorePath>>()
  })
})

describe('the Standard Schema of a grammar', () => {
  it('validates bytes, with a path for each issue', () => {
    const type = toType(Tea)
    expect(validated(type, bytesOf('0100000000000000 6300000000000000 0700000000000000'))).to.deep.equal({
      value: { name: 'c', grams: 7n },
    })
    const { issues = [] } = validated(type, bytesOf('0100000000000000 6300000000000009 07'))
    expect(issues.map((issue) => issue.path)).to.deep.equal([['name'], ['grams']])
    expect(() => type['~standard'].jsonSchema.input({ target: 'draft-2020-12' })).to.throw(TypeError)
    expectTypeOf<StandardSchemaV1.InferInput<typeof type>>().toEqualTypeOf<Uint8Array>()
  })

  it('validates JSON, with the JSON Schema of the grammar', () => {
    const type = toJsonType(ValidPathInfo)
    const { issues = [] } = validated(type, { path, info: 5 })
    expect(issues.map((issue) => issue.path)).to.deep.equal([['info']])
    const schema = type['~standard'].jsonSchema.input({ target: 'draft-2020-12' })
    expect(schema).to.deep.equal(toJsonSchema(ValidPathInfo))
    expect(() => type['~standard'].jsonSchema.input({ target: 'draft-07' })).to.throw(TypeError, 'draft-07')
  })
})

describe('libraries that take a Standard Schema', () => {
  it('Hono validates a body', async () => {
    const app = new Hono().post('/teas', sValidator('json', toJsonType(Tea)), (context) => {
      const { name, grams } = context.req.valid('json')
      expectTypeOf(grams).toEqualTypeOf<bigint>()
      return context.text(`${name} ${grams}`)
    })
    const post = (body: unknown) =>
      app.request('/teas', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
    const good = await post({ name: 'cha', grams: 7 })
    expect([good.status, await good.text()]).to.deep.equal([200, 'cha 7'])
    const bad = await post({ name: 'cha', grams: -7 })
    expect(bad.status).to.equal(400)
    expect(await bad.text()).to.contain('grams')
  })

  it('tRPC validates the input of a procedure', async () => {
    const { router, procedure, createCallerFactory } = initTRPC.create()
    const Paths = toJsonType(setOf(u64))
    const caller = createCallerFactory(
      router({
        name: procedure.input(StorePath).query(({ input }) => {
          expectTypeOf(input).toEqualTypeOf<StorePath>()
          return input.slice(44)
        }),
        sum: procedure.input(Paths).query(({ input }) => input.reduce((sum, each) => sum + each, 0n)),
      }),
    )({})
    expect(await caller.name(path)).to.equal('foo')
    expect(await caller.sum([1n, 2n])).to.equal(3n)
    const refused: unknown = await caller.name('/etc').catch((error: unknown) => error)
    expect(refused).to.be.instanceOf(TRPCError).and.have.property('code', 'BAD_REQUEST')
  })
})
