import { expect, it } from 'vitest'
import { firstRooms, isHere, roomsFor } from './rooms'

it('shows a viewer no room that is for doing what he may not', () => {
  const names = roomsFor('viewer').map(({ name }) => name)
  expect(names).not.toContain('Assign')
  expect(names).not.toContain('Add a device')
  expect(names).toContain('Proposals')
  expect(roomsFor('operator')).toHaveLength(10)
})

it('gives every room a key of its own', () => {
  const keys = roomsFor('admin').map(({ key }) => key)
  expect(new Set(keys).size).toBe(keys.length)
})

it('leaves room for "More" among at most five', () => expect(firstRooms('admin').length).toBeLessThan(5))

it.each([
  ['/', 'Overview'],
  ['/devices', 'Devices'],
  ['/devices/01J', 'Devices'],
  ['/workloads', 'Assign'],
  ['/assignments', undefined],
])('%s is in %s', (path, name) => expect(roomsFor('admin').find((room) => isHere(path, room))?.name).toBe(name))
