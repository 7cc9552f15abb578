import { rollouts as machine } from '@tradewind/fleet'
import { type MemberOutcome, RolloutPlan, type RolloutView } from '@tradewind/protocol'
import { expect, test } from 'vitest'
import { leastMsLeft, membersPerPage, readMemberFilter, writeMemberFilter } from './member-filter'
import { shapeRollout } from './shape-rollout'

const plan = RolloutPlan.parse({})
const all = { outcome: null, wave: null, page: 1 }

function rollout(outcomes: MemberOutcome[]): RolloutView {
  const targets = outcomes.map((_, i) => ({
    ...{ deviceId: `d${i}`, build: i % 2 ? 'small' : 'large', baseline: null, isHere: true },
    before: i === 0 ? null : { revision: 1, build: 'old' },
  }))
  const of = { id: 'r', seed: 's', actor: 'user:ada', workloadId: 'calls', workloadVersion: 2 }
  const { seed: _, members, ...rest } = machine.begin(of, targets, plan, 1)
  return {
    ...{ ...rest, endedAt: null, outcomes: {} },
    members: members.map((member) => {
      const i = Number(member.deviceId.slice(1))
      const outcome = outcomes[i] ?? 'waiting'
      const told = outcome === 'succeeded' || outcome === 'failed' ? { revision: 2, at: 5 } : null
      return { ...member, outcome, told, left: outcome === 'left' ? 'overtaken' : null, name: `till-${i}` }
    }),
  }
}

test('each wave is counted against its gate, and every member is in one', () => {
  const { stages, members } = shapeRollout(rollout(Array.from({ length: 100 }, () => 'waiting')), all)
  expect(stages.map(({ counts }) => counts.members)).toEqual([1, 9, 40, 50])
  expect(stages.map(({ needed }) => needed)).toEqual([1, 8, 32, 40])
  expect(stages.map(({ mayFail }) => mayFail)).toEqual([0, 0, 2, 2])
  expect(stages.map(({ dots }) => dots?.length)).toEqual([1, 9, 40, 50])
  expect(members).toBe(100)
})

test('what needs a look comes first, a filter keeps the rest away, and pages follow', () => {
  const shown = shapeRollout(rollout(['succeeded', 'waiting', 'failed', 'left', 'changing', 'absent']), all)
  expect(shown.rows.map(({ outcome }) => outcome)).toEqual([
    'failed',
    'changing',
    'absent',
    'waiting',
    'succeeded',
    'left',
  ])
  expect(shown).toMatchObject({ members: 5, found: 6, changed: 2, without: 1 })
  const failed = shapeRollout(rollout(['succeeded', 'failed']), { ...all, outcome: 'failed' })
  expect(failed.rows.map(({ name }) => name)).toEqual(['till-1'])
  const many = rollout(Array.from({ length: membersPerPage + 5 }, () => 'waiting'))
  expect(shapeRollout(many, { ...all, page: 2 })).toMatchObject({ found: membersPerPage + 5, rows: { length: 5 } })
})

test('thousands of members are counted, not drawn', () => {
  const { stages, rows } = shapeRollout(rollout(Array.from({ length: 5000 }, () => 'waiting')), all)
  expect(stages.every(({ dots }) => dots === null)).toBe(true)
  expect(rows).toHaveLength(membersPerPage)
})

test.each([
  ['running', 1, 1_800_000],
  ['paused', 1, null],
  ['done', 3, null],
] as const)('a rollout that is %s in wave %i of 4 takes at least %s ms more', (state, wave, ms) => {
  expect(leastMsLeft({ state, wave, waves: 4, plan })).toBe(ms)
})

test.each(['', '?outcome=failed', '?outcome=failed&wave=2&page=3'])(
  'a filter in the URL %s is read as it was written',
  (query) => {
    expect(writeMemberFilter(readMemberFilter(new URLSearchParams(query)))).toBe(query)
  },
)

test('what is no filter is none', () => {
  expect(readMemberFilter(new URLSearchParams('?outcome=sunk&wave=0&page=x'))).toEqual(all)
})
