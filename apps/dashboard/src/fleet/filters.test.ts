import type { DeviceRow } from '@tradewind/store'
import { describe, expect, it } from 'vitest'
import { countPresence, type Filters, filterDevices, noFilters, readFilters, writeFilters } from './filters'

const device = (name: string, more: Partial<DeviceRow> = {}): DeviceRow => ({
  id: name,
  num: 1,
  name,
  presence: { state: 'online', sinceMs: 0 },
  sync: 'registered',
  deviceClass: null,
  board: 'Raspberry Pi 5 Model B Rev 1.0',
  cpu: 'Cortex-A76',
  cores: 4,
  memoryBytes: null,
  os: 'Debian GNU/Linux 12',
  agentVersion: '0.1.0',
  enrolledMs: 0,
  revokedMs: null,
  ...more,
})
const names = (devices: DeviceRow[]) => devices.map(({ name }) => name)

describe('the URL', () => {
  it.each<Partial<Filters>>([
    {},
    { text: 'pi 5 & ö' },
    { presence: 'lost', sync: 'in-sync' },
    { presence: 'unseen', revoked: true },
    { sort: { column: 'temperature', descending: true } },
    { sort: { column: 'name', descending: true } },
  ])('holds %j', (some) => {
    const filters = { ...noFilters, ...some }
    expect(readFilters(new URLSearchParams(writeFilters(filters)))).toEqual(filters)
  })

  it('stays clean without filters', () => expect(writeFilters(noFilters)).toBe(''))

  it('ignores words that it does not know', () =>
    expect(readFilters(new URLSearchParams('presence=asleep&sync=ok&sort=-colour'))).toEqual(noFilters))
})

describe('filterDevices', () => {
  const fleet = [
    device('till-1'),
    device('till-2', { presence: { state: 'lost', sinceMs: 0 } }),
    device('class-1', { presence: null, sync: 'unknown', board: null, cpu: null, os: null, agentVersion: null }),
    device('old-1', { revokedMs: 5 }),
  ]
  const filtered = (some: Partial<Filters>) => names(filterDevices(fleet, { ...noFilters, ...some }))

  it('hides revoked devices, or shows only them', () => {
    expect(filtered({})).toEqual(['till-1', 'till-2', 'class-1'])
    expect(filtered({ revoked: true })).toEqual(['old-1'])
  })

  it('wants every word, in any case and field', () => {
    expect(filtered({ text: ' TILL raspberry ' })).toEqual(['till-1', 'till-2'])
    expect(filtered({ text: 'till mac' })).toEqual([])
  })

  it('keeps presence and sync apart', () => {
    expect(filtered({ presence: 'lost' })).toEqual(['till-2'])
    expect(filtered({ presence: 'unseen' })).toEqual(['class-1'])
    expect(filtered({ sync: 'registered' })).toEqual(['till-1', 'till-2'])
  })

  it('counts each presence, of the enrolled or of the revoked', () => {
    const none = { online: 0, sleeping: 0, disconnected: 0, lost: 0, unseen: 0 }
    expect(countPresence(fleet, false)).toEqual({ ...none, online: 1, lost: 1, unseen: 1 })
    expect(countPresence(fleet, true)).toEqual({ ...none, online: 1 })
  })
})
