import { expect } from 'chai'
import { flowValue, passagesOf } from '../../cli/pages/conversation-words/passing.js'
import { flowWordGroups, type Passed } from '../../cli/pages/conversation-words/words.js'
import * as conversation from '../../conversation/index.js'
import { noFlows } from '../support/no-flows.js'

const words = flowWordGroups.flatMap((group) => group.words)

const sides = ['client', 'server'] as const

/** An event with bytes of the page; what pieces make together has none of its own. */
const isShown = (event: conversation.ConversationEvent, passes: ReadonlyArray<Passed>): boolean =>
  event.kind === 'issue' ||
  ((event.kind === 'said' || event.kind === 'flowed') &&
    event.within.length === 0 &&
    passes.some((each) => 'key' in each && each.key === event.key))

const shown = (event: conversation.ConversationEvent): unknown =>
  event.kind === 'said' || event.kind === 'flowed'
    ? [event.side, event.key, event.end - event.start, event.kind === 'said' ? event.value : null]
    : event

describe('the page of the combinators of conversations', () => {
  it('has a row for each export of nix-wire/conversation, and no other row', () => {
    expect([...new Set(words.map(({ word }) => word))]).to.have.members(Object.keys(conversation))
  })

  it('has an example for each combinator', () => {
    const without = words.flatMap(({ word, example }) => (example === undefined ? [word] : []))
    expect(without).to.have.members(noFlows)
  })

  it('has a row for each option that changes how a flow goes', () => {
    const flows = words.map(({ example }) => example?.flow ?? '').join('\n')
    for (const option of ['atMost:', 'times:', 'end:', 'speech:', 'asks:']) {
      expect(flows).to.include(option)
    }
  })

  for (const { word, example } of words) {
    if (example === undefined) continue
    const { flow, protocol = {} } = example
    it(`shows a session that an observer of ${flow} follows to its end`, () => {
      expect(flow).to.match(new RegExp(`\\b${word}\\b`))
      const observer = conversation.observe(flowValue(flow) as conversation.AnyFlow, { protocol })
      const passages = passagesOf(example)
      const closed = passages.flatMap(({ side, passed }) => ('closes' in passed ? [side] : []))
      const events = [
        ...passages.flatMap(({ side, bytes, passed }) =>
          'closes' in passed ? observer.end(side) : observer.push(side, bytes),
        ),
        ...sides.filter((side) => !closed.includes(side)).flatMap((side) => observer.end(side)),
      ]
      expect(events.filter((event) => isShown(event, example.passes)).map(shown)).to.deep.equal(
        passages.flatMap(({ side, bytes, passed }) =>
          'closes' in passed
            ? []
            : [[side, passed.key, bytes.length, 'value' in passed ? flowValue(`(${passed.value})`) : null]],
        ),
      )
      const last = events.at(-1)
      expect(last).to.deep.include({ kind: 'end', left: { client: 0, server: 0 } })
      expect(last).to.have.property('how').that.is.oneOf(['done', 'closed', 'departed'])
    })
  }
})
