import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { leafNames, leaves, mayPublish, maySubscribe, parseTopic, subscriptionsOf, topicOf, topicRoot } from './topics'
import { wirePage } from './wire-page'

const me = 'k7m2p9q4'
const exchange = 'abcdef123456'
const deviceId = fc.stringMatching(/^[a-z0-9]{4,32}$/)
const ownTopic = (name: (typeof leafNames)[number]) => topicOf(me, name, leaves[name].perId ? exchange : undefined)
const deviceLeaves = leafNames.filter((name) => leaves[name].from === 'device')
const hubLeaves = leafNames.filter((name) => leaves[name].from === 'hub')

describe('publishing', () => {
  test.each(deviceLeaves)('a device may publish its own %s', (leaf) => {
    const id = leaves[leaf].perId ? { id: exchange } : {}
    expect(mayPublish(me, ownTopic(leaf))).toEqual({ ok: true, value: { deviceId: me, leaf, ...id } })
  })

  test.each(hubLeaves)('a device may not publish its own %s', (leaf) => {
    expect(mayPublish(me, ownTopic(leaf))).toEqual({
      ok: false,
      refusal: { code: 'wrong-direction', where: ownTopic(leaf) },
    })
  })

  test('no leaf of any other device', () => {
    fc.assert(
      fc.property(deviceId, fc.constantFrom(...leafNames), fc.boolean(), (other, leaf, withId) => {
        fc.pre(other !== me)
        expect(mayPublish(me, topicOf(other, leaf, withId ? exchange : undefined))).toMatchObject({ ok: false })
      }),
    )
  })

  test('nothing but its own topics', () => {
    const allowed = new Set(deviceLeaves.map(ownTopic))
    const part = fc.constantFrom(
      me,
      'tradewind',
      '1',
      '2',
      '+',
      '#',
      '',
      '$SYS',
      'telemetry',
      'answer',
      exchange,
      'ask',
    )
    const topic = fc.oneof(
      fc.string(),
      fc.array(part, { maxLength: 7 }).map((parts) => parts.join('/')),
    )
    fc.assert(
      fc.property(topic, (topic) => {
        expect(mayPublish(me, topic).ok).toBe(allowed.has(topic))
      }),
      { numRuns: 1000 },
    )
  })

  test.each([
    '',
    '#',
    '+',
    '$SYS/broker/uptime',
    `$share/g/${topicRoot}/${me}/telemetry`,
    `tradewind/2/${me}/telemetry`,
    `${topicRoot}/${me}`,
    `${topicRoot}/${me}/`,
    `${topicRoot}/${me}/+`,
    `${topicRoot}/+/telemetry`,
    `${topicRoot}/${me}/telemetry/`,
    `${topicRoot}/${me}/telemetry/${exchange}`,
    `${topicRoot}/${me}/answer`,
    `${topicRoot}/${me}/answer/short`,
    `${topicRoot}/${me}/answer/${exchange}/more`,
    `${topicRoot}/${me}/answer/+`,
    `${topicRoot}/${me}/constructor`,
    `${topicRoot}/${me}/__proto__`,
    `${topicRoot}/${me}/Telemetry`,
    `/${topicRoot}/${me}/telemetry`,
    `${topicRoot}//telemetry`,
  ])('%j is no topic at all', (topic) => {
    expect(parseTopic(topic)).toEqual({ ok: false, refusal: { code: 'unknown-topic', where: topic } })
    expect(mayPublish(me, topic)).toEqual({ ok: false, refusal: { code: 'unknown-topic', where: topic } })
  })

  test('what is refused is quoted only in part', () => {
    expect(parseTopic('x'.repeat(5000))).toEqual({
      ok: false,
      refusal: { code: 'unknown-topic', where: 'x'.repeat(120) },
    })
  })
})

describe('subscribing', () => {
  test('to one filter per hub leaf', () => {
    expect(subscriptionsOf(me)).toEqual([`${topicRoot}/${me}/desired`, `${topicRoot}/${me}/ask/+`])
    for (const filter of subscriptionsOf(me)) expect(maySubscribe(me, filter)).toBe(true)
  })

  test('to nothing of another device', () => {
    fc.assert(
      fc.property(deviceId, (other) => {
        fc.pre(other !== me)
        for (const filter of subscriptionsOf(other)) expect(maySubscribe(me, filter)).toBe(false)
      }),
    )
  })

  test.each([
    '#',
    '+',
    '+/#',
    '$SYS/#',
    `$share/g/${topicRoot}/${me}/desired`,
    'tradewind/#',
    `${topicRoot}/+/desired`,
    `${topicRoot}/${me}/#`,
    `${topicRoot}/${me}/+`,
    `${topicRoot}/${me}/ask/#`,
    `${topicRoot}/${me}/telemetry`,
    `${topicRoot}/${me}/desired/`,
  ])('not to %s', (filter) => {
    expect(maySubscribe(me, filter)).toBe(false)
  })

  test('a device id that is a wildcard gains nothing', () => {
    for (const id of ['+', '#', `${me}/+`]) expect(mayPublish(id, `${topicRoot}/${id}/telemetry`).ok).toBe(false)
  })
})

test('topics read back as they were written', () => {
  fc.assert(
    fc.property(deviceId, fc.constantFrom(...leafNames), (id, leaf) => {
      const exchangeId = leaves[leaf].perId ? { id: exchange } : {}
      expect(parseTopic(topicOf(id, leaf, exchangeId.id))).toEqual({
        ok: true,
        value: { deviceId: id, leaf, ...exchangeId },
      })
    }),
  )
})

describe('the page about the wire', () => {
  const page = wirePage()

  test.each(leafNames)('names %s, its direction and its fields', (name) => {
    const { from, perId, retain, says } = leaves[name]
    expect(page).toContain(`| \`${name}${perId ? '/<id>' : ''}\` | ${from} | 1 | ${retain ? 'yes' : 'no'} | ${says} |`)
    expect(page).toContain(`## ${name}\n\n| field | type | meaning |\n|---|---|---|\n| \``)
  })

  test.each([
    '| `samples[].cpuBusy` | number, optional | share of all cores that was busy since the last sample |',
    '| `facts.cpu.logicalCores` | integer |  |',
    '| `question(logs).lines` | integer |  |',
  ])('has the row %s', (row) => {
    expect(page).toContain(row)
  })
})
