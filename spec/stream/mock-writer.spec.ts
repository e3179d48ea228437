import { expect } from 'chai'
import fc from 'fast-check'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { bytesOf, framed, type Issue, listOf, struct, u64, utf8 } from '../../combinators/index.js'
import { type MockFailure, MockWriter, type NixWrite } from '../../stream/index.js'
import { issueOf } from '../support/either.js'

type Operation =
  | { readonly kind: 'writeNumber'; readonly value: bigint }
  | { readonly kind: 'writeSlice'; readonly value: Uint8Array }
  | { readonly kind: 'writeDisplay'; readonly value: string }

const failureOf = (issue: Issue): unknown => {
  expect(issue._tag).to.equal('SinkFailed')
  return (issue as { readonly cause: unknown } & Issue).cause
}

const operate = (writer: NixWrite, { kind, value }: Operation): Promise<Either<Issue, void>> => {
  switch (kind) {
    case 'writeNumber':
      return writer.writeNumber(value)()
    case 'writeSlice':
      return writer.writeSlice(value)()
    case 'writeDisplay':
      return writer.writeDisplay(value)()
  }
}

const script = (mock: MockWriter, { kind, value }: Operation, error?: Error): MockWriter => {
  switch (kind) {
    case 'writeNumber':
      return error === undefined ? mock.number(value) : mock.numberError(value, error)
    case 'writeSlice':
      return error === undefined ? mock.slice(value) : mock.sliceError(value, error)
    case 'writeDisplay':
      return error === undefined ? mock.display(value) : mock.displayError(value, error)
  }
}

const unexpected = ({ kind, value }: Operation): MockFailure => {
  switch (kind) {
    case 'writeNumber':
      return { _tag: 'UnexpectedNumber', actual: value }
    case 'writeSlice':
      return { _tag: 'UnexpectedBytes', actual: value }
    case 'writeDisplay':
      return { _tag: 'UnexpectedDisplay', actual: value }
  }
}

const operations: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({
    kind: fc.constant('writeNumber' as const),
    value: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  }),
  fc.record({ kind: fc.constant('writeSlice' as const), value: fc.uint8Array() }),
  fc.record({ kind: fc.constant('writeDisplay' as const), value: fc.string({ unit: 'grapheme' }) }),
)

const examples: ReadonlyArray<Operation> = [
  { kind: 'writeNumber', value: 10n },
  { kind: 'writeSlice', value: bytesOf('0000123456789abcdeff') },
  { kind: 'writeSlice', value: new Uint8Array(0) },
  { kind: 'writeDisplay', value: 'testing' },
]

type Outcome =
  | { readonly _tag: 'ok' }
  | { readonly _tag: 'error'; readonly message: string }
  | { readonly _tag: 'other'; readonly scripted: Operation }

/** Scripts a mock so that an operation has this outcome, and says which that is. */
const plan = (mock: MockWriter, operation: Operation, outcome: Outcome): Either<unknown, void> => {
  switch (outcome._tag) {
    case 'ok':
      script(mock, operation)
      return right(undefined)
    case 'error': {
      const error = new Error(outcome.message)
      script(mock, operation, error)
      return left(error)
    }
    case 'other': {
      const { scripted } = outcome
      script(mock, scripted)
      if (scripted.kind !== operation.kind) {
        return left({ _tag: 'WrongCall', expected: scripted.kind, actual: operation.kind })
      }
      return String(scripted.value) === String(operation.value)
        ? right(undefined)
        : left(unexpected(operation))
    }
  }
}

describe('MockWriter', () => {
  for (const operation of examples) {
    const { kind } = operation
    const other = examples.find((each) => each.kind !== kind) ?? operation
    const bad = new Error('bad one')

    it(`${kind}: follows the script, and returns its error`, async () => {
      const mock = script(script(new MockWriter(), operation), operation, bad)
      expect(await operate(mock, operation)).to.deep.equal(right(undefined))
      expect(failureOf(issueOf(await operate(mock, operation)))).to.equal(bad)
      mock.done()
    })

    it(`${kind}: rejects another call, another value, and a call too many`, async () => {
      const mock = script(script(new MockWriter(), other), operation)
      expect(failureOf(issueOf(await operate(mock, operation)))).to.deep.equal({
        _tag: 'WrongCall',
        expected: other.kind,
        actual: kind,
      })
      const changed: Operation =
        operation.kind === 'writeNumber'
          ? { kind: 'writeNumber', value: 11n }
          : operation.kind === 'writeSlice'
            ? { kind: 'writeSlice', value: Uint8Array.of(1) }
            : { kind: 'writeDisplay', value: 'bad display' }
      expect(failureOf(issueOf(await operate(mock, changed)))).to.deep.equal(unexpected(changed))
      expect(failureOf(issueOf(await operate(mock, operation)))).to.deep.equal({
        _tag: 'ExtraCall',
        actual: kind,
      })
    })
  }

  it('lists the operations that are left', () => {
    expect(() => new MockWriter().number(10n).done()).to.throw(/^1 operations .* writeNumber$/)
  })

  it('writes a grammar operation by operation; a text is a display or a slice', async () => {
    const grammar = struct('S', { texts: listOf(utf8), inside: framed(u64) })
    const mock = new MockWriter()
      .number(2n)
      .display({ toString: () => 'tea' })
      .slice(new TextEncoder().encode('where'))
      .number(8n)
      .raw(bytesOf('0700000000000000'))
      .number(0n)
    expect(await mock.writeValue(grammar, { texts: ['tea', 'where'], inside: 7n })()).to.deep.equal(
      right(undefined),
    )
    mock.done()
    const wrong = await new MockWriter().number(1n).number(0n).writeValue(listOf(utf8), [''])()
    expect(failureOf(issueOf(wrong))).to.deep.equal({
      _tag: 'WrongCall',
      expected: 'writeNumber',
      actual: 'writeSlice',
    })
  })

  it('rejects a value that cannot be encoded before it makes an operation', async () => {
    const mock = new MockWriter().number(1n)
    expect(issueOf(await mock.writeNumber(-1n)())._tag).to.equal('OutOfRange')
    expect(await mock.writeNumber(1n)()).to.deep.equal(right(undefined))
  })

  it('follows every script, and notices every deviation', async () => {
    const steps = fc.record({
      operation: operations,
      outcome: fc.oneof(
        fc.constant({ _tag: 'ok' as const }),
        fc.record({ _tag: fc.constant('error' as const), message: fc.string() }),
        fc.record({ _tag: fc.constant('other' as const), scripted: operations }),
      ),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(steps), fc.array(operations, { maxLength: 3 }), async (planned, extra) => {
        const mock = new MockWriter()
        const expected = planned.map(({ operation, outcome }) => plan(mock, operation, outcome))
        for (const [i, { operation }] of planned.entries()) {
          const result = await operate(mock, operation)
          expect(result._tag === 'Left' ? left(failureOf(result.left)) : result).to.deep.equal(expected[i])
        }
        mock.done()
        for (const operation of extra) {
          expect(failureOf(issueOf(await operate(mock, operation)))).to.deep.equal({
            _tag: 'ExtraCall',
            actual: operation.kind,
          })
        }
      }),
    )
  })
})
