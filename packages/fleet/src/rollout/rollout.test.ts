import { type RolloutAct, RolloutPlan, rolloutStates } from '@tradewind/protocol'
import { describe, expect, test } from 'vitest'
import { act, join, leave, refuse } from './rollout'
import { hour, minute, ScriptedFleet } from './scripted-fleet'

const told = (fleet: ScriptedFleet) => fleet.done.filter((deed) => deed.is === 'assign').map(({ deviceId }) => deviceId)
const waiting = (fleet: ScriptedFleet) => fleet.rollout.waiting
const noSoak = { gate: { soakMs: 0 }, mostAtOnce: { share: 1 } }
const stuck = (fleet: ScriptedFleet) => {
  fleet.script = () => {}
  return fleet
}
const person = (fleet: ScriptedFleet, what: RolloutAct) => {
  const next = act(fleet.rollout, what, fleet.now)
  if (!next) throw new Error(`${what} cannot be done while it is ${fleet.rollout.state}`)
  fleet.rollout = next
  return fleet
}

describe('waves', () => {
  test.each<[string, number, object[] | undefined, number[]]>([
    ['one device, 10 %, 50 % and all of 100', 100, undefined, [1, 9, 40, 50]],
    ['of 10 the first tenth is the first device already', 10, undefined, [1, 4, 5]],
    ['of 2', 2, undefined, [1, 1]],
    ['of 1', 1, undefined, [1]],
    ['of nobody', 0, undefined, []],
    ['the last wave takes all that are left', 10, [{ devices: 3 }, { share: 0.5 }], [3, 7]],
    ['waves that add nobody are left out', 4, [{ devices: 2 }, { devices: 2 }, { devices: 9 }], [2, 2]],
  ])('%s', (_, size, waves, sizes) => {
    const { rollout } = new ScriptedFleet(size, waves && { waves })
    const counted = Array.from({ length: rollout.waves }, (_, i) => rollout.members.filter((m) => m.wave === i).length)
    expect(counted.filter((one) => one > 0)).toEqual(sizes)
  })

  test('a plan of nothing is a careful plan', () => {
    expect(RolloutPlan.parse({})).toEqual({
      waves: [{ devices: 1 }, { share: 0.1 }, { share: 0.5 }, { share: 1 }],
      gate: {
        ...{ successShare: 0.8, failureShare: 0.05, speedShare: 0.75, smoke: 'flagged' },
        ...{ soakMs: 10 * minute, deadlineMs: 6 * hour },
      },
      window: null,
      mostAtOnce: { share: 0.25 },
    })
  })

  test('members are shuffled, the same way for the same seed', () => {
    const order = (fleet: ScriptedFleet) => fleet.rollout.members.map(({ deviceId }) => deviceId)
    expect(order(new ScriptedFleet(30))).toEqual(order(new ScriptedFleet(30)))
    expect(order(new ScriptedFleet(30))).not.toEqual([...new ScriptedFleet(30).devices.keys()])
  })

  test('who is away when it begins goes to the end', () => {
    const away = ['d1', 'd2', 'd3']
    const fleet = new ScriptedFleet(10, {}, away)
    expect(fleet.rollout.members.slice(-3).map(({ deviceId }) => deviceId)).toEqual(expect.arrayContaining(away))
  })

  test('the next one is told when the one before has soaked', () => {
    const fleet = new ScriptedFleet(100, { mostAtOnce: { share: 1 } }).settle()
    expect(told(fleet)).toEqual(fleet.wave(0))
    expect(waiting(fleet)).toMatchObject({ code: 'soaking', deadline: fleet.now + 10 * minute })
    expect(told(fleet.after(9 * minute))).toHaveLength(1)
    expect(told(fleet.after(minute))).toEqual([...fleet.wave(0), ...fleet.wave(1)])
  })

  test('with all successes it ends in done', () => {
    const fleet = new ScriptedFleet(100).toTheEnd()
    expect(fleet.rollout).toMatchObject({ state: 'done', waiting: null })
    expect(new Set(told(fleet)).size).toBe(100)
  })

  test('a rollout of nobody is done', () => {
    expect(new ScriptedFleet(0).settle().rollout.state).toBe('done')
  })
})

describe('it waits, and says for what and until when', () => {
  test('for those who change', () => {
    const fleet = stuck(new ScriptedFleet(100)).settle()
    const numbers = { members: 1, needed: 1, succeeded: 0, changing: 1 }
    expect(waiting(fleet)).toMatchObject({ code: 'changing', numbers, deadline: fleet.now + 6 * hour })
  })

  test('for room: no more change at once than the plan allows', () => {
    const fleet = stuck(new ScriptedFleet(10, { waves: [{ share: 1 }], mostAtOnce: { devices: 3 } })).settle()
    expect(told(fleet)).toHaveLength(3)
    const numbers = { due: 7, changing: 3, most: 3 }
    expect(waiting(fleet)).toEqual({ code: 'most-at-once', numbers, deadline: fleet.now + 6 * hour })
    fleet.apply(told(fleet)[0] ?? '')
    expect(told(fleet.settle())).toHaveLength(4)
  })

  test('for its hours, in local time', () => {
    const window = { zone: 'Europe/Berlin', from: '22:00', to: '05:00' }
    const fleet = new ScriptedFleet(10, { window }).settle() // 09:00 in Berlin
    expect(told(fleet)).toEqual([])
    expect(waiting(fleet)).toMatchObject({ code: 'window-closed', deadline: Date.parse('2026-11-24T21:00:00Z') })
    expect(told(fleet.after(13 * hour))).toHaveLength(1)
  })

  test('for those who are away when too few are left to judge by, however long that takes', () => {
    const fleet = stuck(new ScriptedFleet(10, { ...noSoak, waves: [{ share: 1 }] })).settle()
    fleet.goAway(...fleet.devices.keys()).after(24 * hour)
    expect(fleet.rollout.state).toBe('running')
    const numbers = { members: 10, needed: 8, succeeded: 0, absent: 10 }
    expect(waiting(fleet)).toMatchObject({ code: 'too-few-reachable', numbers, deadline: null })
  })

  test('for the last who are away: it goes on without them, tells them when they return, and is done then', () => {
    const fleet = new ScriptedFleet(10, noSoak, ['d4']).settle()
    expect(waiting(fleet)).toEqual({ code: 'some-are-absent', numbers: { absent: 1, changing: 0 }, deadline: null })
    expect(told(fleet)).not.toContain('d4')
    expect(fleet.comeBack('d4').settle().rollout.state).toBe('done')
    expect(told(fleet)).toContain('d4')
  })
})

describe('it stops by itself', () => {
  const canary = (fleet: ScriptedFleet) => fleet.wave(0)[0] ?? ''
  test.each<[string, (fleet: ScriptedFleet, id: string) => void, string]>([
    ['when its only member fails', (fleet, id) => fleet.fail(id), 'too-many-failures'],
    ['when the smoke test fails', (fleet, id) => fleet.failSmoke(id), 'smoke-test-failed'],
    [
      'when the same build has become slower there',
      (fleet, id) => {
        fleet.apply(id)
        fleet.device(id).speed = { generationPerSecond: 7.4 }
      },
      'speed-loss',
    ],
    [
      'when speech takes longer there',
      (fleet, id) => {
        fleet.apply(id)
        fleet.device(id).speed = { realTimeFactor: 0.7 }
      },
      'speed-loss',
    ],
  ])('%s', (_, script, code) => {
    const fleet = new ScriptedFleet(100)
    fleet.script = (id) => script(fleet, id)
    fleet.settle()
    expect(fleet.rollout).toMatchObject({ state: 'paused', pause: { code, numbers: { failed: 1, members: 1 } } })
    expect(told(fleet)).toEqual([canary(fleet)])
  })

  test('when the deadline passes while members are there and too few succeeded', () => {
    const fleet = stuck(new ScriptedFleet(100))
      .settle()
      .after(6 * hour)
    expect(fleet.rollout).toMatchObject({ state: 'paused', pause: { code: 'deadline-passed' } })
  })

  test('when too few succeeded, though each failure was allowed', () => {
    const fleet = new ScriptedFleet(10, {
      waves: [{ share: 1 }],
      mostAtOnce: { share: 1 },
      gate: { failureShare: 0.5 },
    })
    const failing = new Set(fleet.wave(0).slice(0, 3))
    fleet.script = (id) => (failing.has(id) ? fleet.fail(id) : fleet.apply(id))
    const numbers = { succeeded: 7, needed: 8, members: 10 }
    expect(fleet.settle().rollout).toMatchObject({ state: 'paused', pause: { code: 'too-few-successes', numbers } })
  })

  test('when a member of an earlier wave fails later than its gate', () => {
    const fleet = stuck(new ScriptedFleet(10, noSoak))
    fleet.script = (id) => (fleet.wave(2).includes(id) ? undefined : fleet.apply(id))
    fleet.settle()
    fleet.device(canary(fleet)).smoke = { outcome: 'failed', code: 'empty' }
    expect(fleet.settle().rollout).toMatchObject({ state: 'paused', pause: { numbers: { failed: 1, members: 10 } } })
  })

  test.each([
    ['a build that is slower by less than the plan allows', { generationPerSecond: 7.6 }],
    ['a build that was not measured', null],
  ])('but not for %s', (_, speed) => {
    const fleet = new ScriptedFleet(4, noSoak)
    for (const device of fleet.devices.values()) device.speed = speed
    expect(fleet.settle().rollout.state).toBe('done')
  })

  test('and not for a failure within the share', () => {
    const fleet = new ScriptedFleet(40, { ...noSoak, waves: [{ share: 1 }] })
    fleet.script = (id) => (id === 'd7' ? fleet.fail(id) : fleet.apply(id))
    expect(fleet.settle().rollout.state).toBe('done')
    expect(fleet.outcomes().d7).toBe('failed')
  })

  test('and not while a device tries again by itself', () => {
    const fleet = stuck(new ScriptedFleet(1)).settle()
    fleet.fail('d1', 'source-unreachable')
    const seen = fleet.seen()
    const one = seen.get('d1')
    const reason = { code: 'source-unreachable', retryAt: fleet.now + minute, detail: {} }
    const seeking = { is: 'working' as const, revision: 2, build: 'new', step: 'fetch' as const, since: 0, reason }
    if (one) seen.set('d1', { ...one, seeking })
    fleet.seen = () => seen
    expect(fleet.settle().outcomes()).toEqual({ d1: 'changing' })
  })
})

describe('time away does not count', () => {
  test('the deadline runs anew for who comes back', () => {
    const fleet = stuck(new ScriptedFleet(1))
      .settle()
      .goAway('d1')
      .after(7 * hour)
    expect(fleet.rollout.state).toBe('running')
    fleet.comeBack('d1').settle()
    expect(waiting(fleet)).toMatchObject({ code: 'changing', deadline: fleet.now + 6 * hour })
    expect(fleet.after(6 * hour).rollout).toMatchObject({ state: 'paused', pause: { code: 'deadline-passed' } })
  })
})

describe('people', () => {
  const paused = () => {
    const fleet = new ScriptedFleet(10, noSoak)
    fleet.script = (id) => (id === fleet.wave(0)[0] ? fleet.fail(id) : fleet.apply(id))
    return fleet.settle()
  }

  test('who resume accept what has failed, and it goes on to the end', () => {
    const fleet = person(paused(), 'resume').settle()
    expect(fleet.rollout).toMatchObject({ state: 'done', pause: null })
    expect(Object.values(fleet.outcomes()).filter((outcome) => outcome === 'failed')).toHaveLength(1)
  })

  test('who pause it find that nothing more is told', () => {
    const fleet = person(new ScriptedFleet(10).settle(), 'pause').after(24 * hour)
    expect(fleet.rollout).toMatchObject({ state: 'paused', pause: { code: 'by-person' } })
    expect(told(fleet)).toHaveLength(1)
  })

  test('who abort leave what has changed as it is', () => {
    const fleet = person(new ScriptedFleet(10).settle(), 'abort').after(24 * hour)
    expect(fleet.rollout).toMatchObject({ state: 'aborted', waiting: null })
    expect(fleet.done).toHaveLength(1)
  })

  test('who roll back give each changed member what it had, and nobody else anything', () => {
    const fleet = new ScriptedFleet(10, { ...noSoak, gate: { soakMs: hour } }).settle().after(hour)
    const changed = told(fleet)
    expect(changed).toHaveLength(5)
    person(fleet, 'roll-back').settle()
    expect(fleet.rollout.state).toBe('rolled-back')
    const back = fleet.done.filter((deed) => deed.is === 'roll-back')
    expect(new Set(back.map(({ deviceId }) => deviceId))).toEqual(new Set(changed))
    for (const { assigned } of fleet.devices.values()) expect(assigned.build).toBe('old')
  })

  test('who roll back are obeyed while members are away: those have it when they return', () => {
    const fleet = stuck(new ScriptedFleet(4, { waves: [{ share: 1 }], mostAtOnce: { share: 1 } })).settle()
    fleet.goAway('d1', 'd2', 'd3', 'd4')
    expect(person(fleet, 'roll-back').settle().rollout.state).toBe('rolled-back')
    for (const { assigned } of fleet.devices.values()) expect(assigned).toMatchObject({ build: 'old', revision: 3 })
  })

  test('who assign something else take the device out of the rollout, before and after it was told', () => {
    const fleet = new ScriptedFleet(10).settle()
    const [first = '', second = ''] = fleet.rollout.members.map(({ deviceId }) => deviceId)
    for (const id of [first, second]) fleet.assign(id, { build: 'mine', cause: 'person', rolloutId: null })
    fleet.toTheEnd()
    expect(fleet.outcomes()).toMatchObject({ [first]: 'left', [second]: 'left' })
    expect(fleet.rollout.members.find(({ deviceId }) => deviceId === second)?.left).toBe('overtaken')
    expect(told(fleet)).not.toContain(second)
    expect(fleet.rollout.state).toBe('done')
  })

  test('whose next rollout takes the last member while it soaks have this one end there', () => {
    const fleet = new ScriptedFleet(1).settle()
    expect(waiting(fleet)).toMatchObject({ code: 'soaking' })
    fleet.rollout = leave(fleet.rollout, new Set(['d1']))
    expect(fleet.settle().rollout.state).toBe('done')
  })

  test('who restart a device take it out of nothing', () => {
    const fleet = new ScriptedFleet(2, noSoak, ['d1', 'd2']).settle().comeBack('d1', 'd2')
    fleet.restart('d1')
    expect(fleet.settle().rollout.state).toBe('done')
    fleet.restart('d2')
    person(fleet, 'roll-back').settle()
    const back = ['d1', 'd2'].map((deviceId) => ({ is: 'roll-back', deviceId, revision: 1, build: 'old' }))
    expect(fleet.done.slice(-2)).toEqual(expect.arrayContaining(back))
  })

  test.each<[RolloutAct, string[]]>([
    ['pause', ['running']],
    ['resume', ['paused']],
    ['abort', ['running', 'paused', 'rolling-back']],
    ['roll-back', ['running', 'paused', 'done', 'aborted']],
  ])('can %s it only while it is %j', (what, states) => {
    const { rollout } = new ScriptedFleet(3)
    const can = rolloutStates.filter((state) => act({ ...rollout, state }, what, 0))
    expect(can).toEqual(
      states.toSorted((a, b) => rolloutStates.indexOf(a as never) - rolloutStates.indexOf(b as never)),
    )
  })
})

describe('members come and go', () => {
  const late = (deviceId: string) => ({ deviceId, build: 'new', before: null, baseline: null, isHere: true })

  test('a device that comes under the workload meanwhile goes with the last wave', () => {
    const fleet = new ScriptedFleet(10)
    fleet.rollout = join(fleet.rollout, [late('d11'), late('d1')])
    expect(fleet.rollout.members).toHaveLength(11)
    expect(fleet.wave(fleet.rollout.waves - 1)).toContain('d11')
  })

  test('a newer rollout takes its members along', () => {
    const fleet = new ScriptedFleet(2, noSoak)
    fleet.rollout = leave(fleet.rollout, new Set(['d1', 'd2']))
    expect(fleet.settle().rollout.state).toBe('done')
    expect(fleet.done).toEqual([])
  })

  test('a revoked device is waited for no more', () => {
    const fleet = new ScriptedFleet(2, noSoak, ['d1']).settle()
    fleet.device('d1').isRevoked = true
    expect(fleet.settle().rollout.state).toBe('done')
  })

  test('a device that no assignment can be made for has failed, until a person resumes', () => {
    const fleet = new ScriptedFleet(2, noSoak)
    const [first = ''] = fleet.wave(0)
    fleet.rollout = refuse(fleet.rollout, [{ deviceId: first, code: 'files-unresolved' }])
    expect(fleet.settle().rollout).toMatchObject({ state: 'paused', pause: { code: 'too-many-failures' } })
    expect(person(fleet, 'resume').settle().rollout.state).toBe('done')
    expect(told(fleet)).toContain(first)
  })
})
