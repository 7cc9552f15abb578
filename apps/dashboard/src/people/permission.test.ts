import { roles } from '@tradewind/store'
import { expect, it } from 'vitest'
import { deeds, may, mayDo, mayGive, roleFor } from './permission'

const allowed = (role: (typeof roles)[number]) => deeds.filter((deed) => may(role, deed))

it('lets each role do exactly what it may', () => {
  expect(allowed('viewer')).toEqual(['read'])
  expect(allowed('operator')).toEqual([
    'read',
    'create-enrol-token',
    'revoke-enrol-token',
    'decide-parked',
    'rename-device',
    'ask-device',
    'manage-mirror',
    'label-device',
    'change-workloads',
    'change-clips',
    'assign',
    'steer-rollouts',
    'handle-problems',
  ])
  expect(allowed('admin')).toEqual(deeds)
})

it('names the least role that may do it', () => {
  for (const deed of deeds) {
    expect(may(roleFor(deed), deed)).toBe(true)
    const lesser = roles[roles.indexOf(roleFor(deed)) - 1]
    if (lesser) expect(may(lesser, deed)).toBe(false)
  }
})

it.each([
  [{ role: 'operator', deeds: null }, 'assign', true],
  [{ role: 'operator', deeds: ['read'] }, 'assign', false],
  [{ role: 'operator', deeds: ['read', 'assign'] }, 'assign', true],
  [{ role: 'operator', deeds: ['revoke-device'] }, 'revoke-device', false],
  [{ role: 'admin', deeds: [] }, 'read', false],
] as const)('%j may do %s: %s', (rights, deed, is) => {
  expect(mayDo(rights, deed)).toBe(is)
})

it.each([
  [{ role: 'admin', deeds: null }, { role: 'admin', deeds: null }, true],
  [{ role: 'admin', deeds: ['manage-api-tokens'] }, { role: 'admin', deeds: null }, false],
  [{ role: 'admin', deeds: ['manage-api-tokens'] }, { role: 'admin', deeds: ['manage-api-tokens'] }, true],
  [{ role: 'admin', deeds: ['manage-people'] }, { role: 'viewer', deeds: null }, false],
  [{ role: 'admin', deeds: ['manage-people', 'read'] }, { role: 'viewer', deeds: null }, true],
  [{ role: 'operator', deeds: null }, { role: 'admin', deeds: ['read', 'assign'] }, true],
  [{ role: 'operator', deeds: null }, { role: 'admin', deeds: ['revoke-device'] }, false],
] as const)('%j may give %j: %s', (giver, given, is) => {
  expect(mayGive(giver, given)).toBe(is)
})
