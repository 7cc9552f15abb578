import { roles } from '@tradewind/store'
import { expect, it } from 'vitest'
import { deeds, may, roleFor } from './permission'

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
