import { expect } from 'chai'
import fc from 'fast-check'
import { type ConversationEvent, type Observer, observe } from '../../conversation/index.js'
import { checkConversationLaws, describeConversationLaws } from '../../laws/index.js'
import { kitchen } from '../conversation/kitchen.js'
import { flows } from '../interpreters/conversations/sessions.js'
import { flows as randomFlows } from '../support/random-flows.js'

for (const { flow, options } of Object.values(flows)) {
  describeConversationLaws(flow, { ...options, runs: 150 })
}

describe('the laws of conversations', () => {
  it('hold for conversations of random parts', async () => {
    for (const [i, flow] of fc.sample(randomFlows, { seed: 7, numRuns: 40 }).entries()) {
      const protocol = { version: i % 2 === 0 ? '1.0' : '1.1' } as const
      expect(await checkConversationLaws(flow, { protocol, runs: 15, items: 3, seed: i })).to.deep.equal([])
    }
  })

  type Tell = (event: ConversationEvent) => ReadonlyArray<ConversationEvent>

  /** An observer that tells other events. */
  const telling =
    (tell: Tell) =>
    (...given: Parameters<typeof observe>): Observer => {
      const observer = observe(...given)
      return {
        protocol: {},
        wants: (side) => observer.wants(side),
        push: (side, bytes) => observer.push(side, bytes).flatMap(tell),
        end: (side) => observer.end(side).flatMap(tell),
      }
    }

  const failing = async (tell: Tell): Promise<ReadonlyArray<string>> => {
    const failures = await checkConversationLaws(kitchen, { subject: telling(tell), seed: 1, items: 3 })
    return failures.map(({ law }) => law)
  }

  const told = 'what is said is told, word for word, and nothing is wrong with it'
  const broken = 'a rule that is broken is told, with the side and the place'

  it('are not obeyed by an observer that leaves a word out, or says another', async () => {
    expect(
      await failing((event) => (event.kind === 'said' && event.key === 'tea' ? [] : [event])),
    ).to.deep.equal([told])
    expect(
      await failing((event) => [
        event.kind === 'said' && event.key === 'likes' ? { ...event, value: 1 } : event,
      ]),
    ).to.deep.equal([told])
    expect(
      await failing((event) => [event.kind === 'flowed' ? { ...event, start: event.start + 1 } : event]),
    ).to.deep.equal([told])
    expect(
      await failing((event) => [event.kind === 'end' ? { ...event, how: 'done' } : event]),
    ).to.deep.equal([told])
  })

  it('nor by one that finds nothing wrong, or in another place, or on the other side', async () => {
    expect(await failing((event) => (event.kind === 'issue' ? [] : [event]))).to.deep.equal([broken])
    expect(
      await failing((event) => [
        event.kind === 'issue'
          ? { ...event, issue: { ...event.issue, offset: event.issue.offset + 8 } }
          : event,
      ]),
    ).to.deep.equal([broken])
    expect(
      await failing((event) => [
        event.kind === 'issue' ? { ...event, side: event.side === 'client' ? 'server' : 'client' } : event,
      ]),
    ).to.deep.equal([broken])
  })

  it('nor by one that minds where the bytes are cut', async () => {
    const impatient: Parameters<typeof checkConversationLaws>[1] = {
      items: 3,
      seed: 1,
      subject: (...given) => {
        const observer = observe(...given)
        let pushes = 0
        return {
          protocol: {},
          wants: (side) => observer.wants(side),
          push: (side, bytes) => (++pushes > 40 ? [] : observer.push(side, bytes)),
          end: (side) => observer.end(side),
        }
      },
    }
    const [failure] = await checkConversationLaws(kitchen, impatient)
    expect(failure?.law).to.equal('it does not matter how the bytes are cut, and which side comes first')
  })
})
