import type { Facts } from '@tradewind/protocol'
import { figureNames } from '@tradewind/protocol'
import type { SamplePoint } from '@tradewind/store'
import { describe, expect, test } from 'vitest'
import { explainClue } from '../words/explain-clue'
import { cluesOf, type Silence } from './likely-cause'

const lostMs = Date.UTC(2026, 10, 24, 18, 0)
const [minute, hour, day] = [60_000, 3_600_000, 86_400_000]
const GiB = 2 ** 30

const nothing = Object.fromEntries(figureNames.map((name) => [name, null])) as Omit<SamplePoint, 'atMs'>
const sample = (more: Partial<SamplePoint>): SamplePoint => ({ ...nothing, atMs: lostMs - 10_000, ...more })
const silence = (more: Partial<Silence> = {}): Silence => ({
  lostMs,
  facts: null,
  last: null,
  events: [],
  beside: 0,
  ...more,
})
const lostAt = (...agoMs: number[]) => agoMs.map((ago) => ({ code: 'presence-lost', atMs: lostMs - ago, detail: {} }))
const wifi = (signalDbm: number, more: NonNullable<Facts['network']>['interfaces'] = []): Facts => ({
  network: {
    hostname: 'pi',
    interfaces: [{ name: 'wlan0', kind: 'wifi', addresses: ['10.0.0.2'], signalDbm }, ...more],
  },
})
const wired = { name: 'eth0', kind: 'ethernet' as const, addresses: ['10.0.0.3'] }

describe('a device that went silent', () => {
  test.each<[string, Partial<Silence>, string[]]>([
    ['without anything known', {}, []],
    ['with a weak supply', { facts: { throttling: { now: ['undervoltage'], sinceBoot: [] } } }, ['undervoltage']],
    [
      'that had undervoltage once',
      { facts: { throttling: { now: [], sinceBoot: ['undervoltage'] } } },
      ['undervoltage'],
    ],
    [
      'near where its kernel powers off',
      {
        facts: { thermal: { zones: [{ name: 'cpu', celsius: 50, criticalCelsius: 90 }] } },
        last: sample({ temperatureC: 86 }),
      },
      ['heat'],
    ],
    ['that was warm', { last: sample({ temperatureC: 86 }) }, []],
    ['on an empty battery', { facts: { power: { source: 'battery', batteries: [{ level: 0.04 }] } } }, ['battery']],
    ['on a battery of unknown level', { facts: { power: { source: 'battery', batteries: [{}] } } }, []],
    [
      'without memory',
      { facts: { memory: { totalBytes: 8 * GiB } }, last: sample({ memAvailableBytes: 0.1 * GiB }) },
      ['memory'],
    ],
    [
      'whose engine had crashed',
      { events: [{ code: 'engine-crashed', atMs: lostMs - 2 * minute, detail: {} }] },
      ['engine'],
    ],
    ['whose engine crashed yesterday', { events: [{ code: 'engine-crashed', atMs: lostMs - day, detail: {} }] }, []],
    ['with others', { beside: 3 }, ['together']],
    ['with a poor radio link', { facts: wifi(-82) }, ['radio']],
    ['with a poor radio link beside a cable', { facts: wifi(-82, [wired]) }, []],
    ['at the time it always goes', { events: lostAt(0, day - 5 * minute, 2 * day + 10 * minute) }, ['routine']],
    ['at that time once before', { events: lostAt(0, day) }, []],
    ['after three times in an hour', { events: lostAt(0, 10 * minute, 20 * minute, 0.9 * hour) }, ['flapping']],
  ])('%s', (_, known, codes) => {
    expect(cluesOf(silence(known)).map(({ code }) => code)).toEqual(codes)
  })

  test('is told of its power and heat before its network', () => {
    const facts: Facts = { ...wifi(-90), throttling: { now: ['undervoltage'], sinceBoot: [] } }
    const clues = cluesOf(silence({ facts, beside: 2, last: sample({ temperatureC: 99 }) }))
    expect(clues.map(({ code }) => code)).toEqual(['undervoltage', 'heat', 'together', 'radio'])
  })

  test('has words for every clue, with the numbers', () => {
    const [clue] = cluesOf(silence({ last: sample({ temperatureC: 99 }) }))
    expect(clue && explainClue(clue)).toEqual({
      likely: 'it became too hot and powered itself off',
      says: 'The last it measured was 99.0 °C, and from 95.0 °C on a device may power itself off.',
      toDo: 'Give it air: a fan, a heat sink, a cooler place.',
    })
  })
})
