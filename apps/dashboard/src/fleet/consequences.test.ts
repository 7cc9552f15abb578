import type { FleetRow } from '@tradewind/store'
import { expect, it } from 'vitest'
import { assignAddress, ofLabelling, ofRestart, ofRevoking } from './consequences'

const row = (id: string, some: Partial<FleetRow> = {}): FleetRow => ({
  ...{ id, num: 1, name: id, presence: { state: 'online', sinceMs: 0 }, sync: 'in-sync', deviceClass: null },
  ...{ board: null, cpu: null, cores: null, memoryBytes: null, os: null, agentVersion: null, enrolledMs: 0 },
  ...{ revokedMs: null, labels: {}, serving: null, problems: [], latest: null },
  ...some,
})
const serving = { build: 'e2b-q8_0', label: 'Gemma 4 E2B', demo: false, state: 'ready' as const }
const lost = { state: 'lost' as const, sinceMs: 0 }

it.each([
  [[row('a')], ['None of them serves a model, so there is nothing to start anew.']],
  [[row('a', { serving })], ['1 device stops serving until the model is loaded again.']],
  [
    [row('a', { serving }), row('b', { serving, presence: lost }), row('c')],
    [
      '2 devices stop serving until the model is loaded again.',
      '1 of them is not online: it does so when it is back.',
      'For 1 that serves nothing, nothing changes.',
    ],
  ],
])('restarting %#', (rows, says) => expect(ofRestart(rows)).toEqual(says))

it('revoking says who is cut off, and who was before', () =>
  expect(ofRevoking([row('a', { serving }), row('b', { presence: null }), row('c', { revokedMs: 1 })])).toEqual([
    '2 devices are shut out for good, and can only come back as new ones.',
    '1 is online and cut off at once.',
    '1 serves a model that you no longer reach through the hub.',
    '1 was revoked before.',
  ]))

it.each([
  [
    { name: 'site', value: 'graz' },
    ['2 devices get site=graz.', '1 of them had another site before.', '1 has it already.'],
  ],
  [{ name: 'line', value: '1' }, ['3 devices get line=1.']],
  [{ name: 'site', value: null }, ['2 devices lose the label site.']],
  [{ name: 'line', value: null }, ['None of them has a label line.']],
])('labelling with %j', (change, says) => {
  const rows = [row('a', { labels: { site: 'graz' } }), row('b', { labels: { site: 'lyon' } }), row('c')]
  expect(ofLabelling(rows, change)).toEqual(says)
})

it('leads to the assignment of a selection', () => {
  expect(assignAddress([row('a'), row('b')], null)).toBe('/assign?devices=a%2Cb')
  expect(assignAddress([row('a')], 'site=lyon')).toBe('/assign?labels=site%3Dlyon')
  expect(
    assignAddress(
      Array.from({ length: 501 }, (_, i) => row(String(i))),
      null,
    ),
  ).toBeNull()
})
