import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { act, advance, count, hasEnded } from './rollout'
import { hour, minute, ScriptedFleet } from './scripted-fleet'

/** What the world does next to a fleet. `succeed` and `fail` meet one of those who were told and are there. */
type Move =
  | { is: 'wait'; ms: number }
  | { is: 'succeed' | 'fail' | 'fail-smoke' | 'go-away' | 'come-back' | 'person' | 'restart'; which: number }

const size = 12
const which = fc.nat({ max: size - 1 })
const wait = fc.record({ is: fc.constant('wait' as const), ms: fc.constantFrom(minute, 10 * minute, hour) })
const one = <T extends Exclude<Move['is'], 'wait'>>(...is: T[]) => fc.record({ is: fc.constantFrom(...is), which })
const anything = fc.oneof(wait, one('succeed', 'fail', 'fail-smoke', 'go-away', 'come-back', 'person', 'restart'))
const absences = fc.oneof(wait, one('go-away', 'come-back'))

const plan = fc.record({
  waves: fc.constantFrom(
    [{ share: 1 }],
    [{ devices: 1 }, { share: 0.5 }, { share: 1 }],
    [{ devices: 3 }, { devices: 6 }],
  ),
  mostAtOnce: fc.constantFrom({ devices: 1 }, { devices: 3 }, { share: 0.5 }, { share: 1 }),
  gate: fc.record({
    failureShare: fc.constantFrom(0, 0.1, 0.3, 1),
    successShare: fc.constantFrom(0.5, 0.8, 1),
    soakMs: fc.constantFrom(0, 10 * minute),
    deadlineMs: fc.constant(1000 * hour), // longer than any history here
  }),
})

function begun(plan: object): ScriptedFleet {
  const fleet = new ScriptedFleet(size, plan)
  fleet.script = () => {}
  return fleet
}

function move(fleet: ScriptedFleet, move: Move) {
  if (move.is === 'wait') {
    fleet.now += move.ms
    return
  }
  const id = `d${move.which + 1}`
  const { isHere, assigned, applied } = fleet.device(id)
  const isBusy = isHere && assigned.revision > applied
  if (move.is === 'go-away') fleet.goAway(id)
  else if (move.is === 'come-back') fleet.comeBack(id)
  else if (move.is === 'person') fleet.assign(id, { build: 'mine', cause: 'person', rolloutId: null })
  else if (move.is === 'restart') fleet.restart(id)
  else if (isBusy && move.is === 'succeed') fleet.apply(id)
  else if (isBusy && move.is === 'fail') fleet.fail(id)
  else if (isBusy) fleet.failSmoke(id)
}

/** After each move the rollout advances once; `check` sees it before its deeds are done. */
function play(fleet: ScriptedFleet, moves: Move[], check: (advanced: ReturnType<ScriptedFleet['look']>) => void) {
  for (const one of moves) {
    move(fleet, one)
    const advanced = fleet.look()
    check(advanced)
    for (const deed of advanced.deeds) fleet.do(deed)
  }
}

const history = fc.array(anything, { maxLength: 60 })

describe('whatever happens', () => {
  test('no more members change at once than the plan allows', () => {
    fc.assert(
      fc.property(plan, history, (plan, moves) => {
        const fleet = begun(plan)
        const share = 'share' in plan.mostAtOnce ? Math.max(1, Math.floor((plan.mostAtOnce.share ?? 1) * size)) : 0
        const most = share || (plan.mostAtOnce as { devices: number }).devices
        play(fleet, moves, ({ rollout, deeds }) => {
          const busy = rollout.members.filter(
            ({ told, outcome }) => told && (outcome === 'changing' || outcome === 'absent'),
          )
          if (deeds.length > 0) expect(busy.length + deeds.length).toBeLessThanOrEqual(most)
          expect(busy.length).toBeLessThanOrEqual(most)
        })
      }),
    )
  })

  test('nobody of a wave is told before enough of the one before succeeded, and none of it is busy', () => {
    fc.assert(
      fc.property(plan, history, (plan, moves) => {
        const fleet = begun(plan)
        let passed = 0
        play(fleet, moves, ({ rollout, deeds }) => {
          const waves = new Map(rollout.members.map(({ deviceId, wave }) => [deviceId, wave]))
          for (const { deviceId } of deeds) expect(waves.get(deviceId)).toBeLessThanOrEqual(rollout.wave)
          for (; passed < rollout.wave; passed++) {
            const { members, succeeded, changing, waiting, failed } = count(
              rollout.members.filter(({ wave }) => wave === passed),
            )
            expect(changing + waiting).toBe(0)
            expect(succeeded).toBeGreaterThanOrEqual(plan.gate.successShare * members - 1e-9)
            expect(failed).toBeLessThanOrEqual(plan.gate.failureShare * members)
          }
        })
      }),
    )
  })

  test('failures above the share always pause, and nothing is told any more', () => {
    fc.assert(
      fc.property(plan, history, (plan, moves) => {
        const fleet = begun(plan)
        play(fleet, moves, ({ rollout, deeds }) => {
          const { failed, members } = count(rollout.members.filter(({ wave }) => wave === rollout.wave))
          if (hasEnded(rollout) || failed <= plan.gate.failureShare * members) return
          expect(rollout.state).toBe('paused')
          expect(deeds).toEqual([])
        })
      }),
    )
  })

  test('whatever waits says for what, and what has ended waits for nothing', () => {
    fc.assert(
      fc.property(plan, history, (plan, moves) => {
        play(begun(plan), moves, ({ rollout }) => expect(rollout.waiting === null).toBe(hasEnded(rollout)))
      }),
    )
  })

  test('no device is told twice, unless it is rolled back', () => {
    fc.assert(
      fc.property(plan, history, (plan, moves) => {
        const fleet = begun(plan)
        play(fleet, moves, () => {})
        const ids = fleet.done.map(({ deviceId }) => deviceId)
        expect(new Set(ids).size).toBe(ids.length)
      }),
    )
  })

  test('asked again it says the same, and changes nothing', () => {
    fc.assert(
      fc.property(plan, history, (plan, moves) => {
        const fleet = begun(plan)
        play(fleet, moves, ({ rollout, deeds }) => {
          expect(advance(rollout, fleet.seen(), fleet.now)).toEqual({ rollout, deeds: rollout.waiting ? deeds : [] })
        })
      }),
    )
  })

  test('it survives being written down and read again', () => {
    fc.assert(
      fc.property(plan, history, (plan, moves) => {
        const [kept, reread] = [begun(plan), begun(plan)]
        play(kept, moves, () => {})
        for (const one of moves) {
          play(reread, [one], () => {})
          reread.rollout = JSON.parse(JSON.stringify(reread.rollout))
        }
        expect(reread.rollout).toEqual(kept.rollout)
      }),
    )
  })
})

describe('disconnection alone', () => {
  test('pauses nothing, fails nobody, and what was told before stays all that is told', () => {
    const deadline = { deadlineMs: 20 * minute } // which passes again and again
    fc.assert(
      fc.property(plan, fc.array(absences, { maxLength: 40 }), (plan, moves) => {
        const fleet = begun({ ...plan, gate: { ...plan.gate, ...deadline }, mostAtOnce: { share: 1 } }).settle()
        fleet.goAway(...fleet.devices.keys())
        for (const one of moves) {
          if (one.is === 'come-back') continue
          move(fleet, one)
          const { rollout, deeds } = fleet.look()
          expect(rollout.state).toBe('running')
          expect(deeds).toEqual([])
          expect(rollout.members.filter(({ outcome }) => outcome === 'failed')).toEqual([])
        }
      }),
    )
  })

  test('is forgotten once everybody is back and does what it was told: it ends in done', () => {
    fc.assert(
      fc.property(plan, fc.array(absences, { maxLength: 40 }), (plan, moves) => {
        const fleet = begun(plan).settle()
        play(fleet, moves, ({ rollout }) => expect(rollout.state).toBe('running'))
        fleet.script = (id) => fleet.apply(id)
        fleet.goAway(...fleet.devices.keys()).comeBack(...fleet.devices.keys())
        expect(fleet.toTheEnd().rollout.state).toBe('done')
      }),
    )
  })
})

test('how it came to be so does not matter: the same world gives the same state, however often it was looked at', () => {
  const outcome = fc.constantFrom('succeed' as const, 'fail' as const)
  fc.assert(
    fc.property(fc.array(outcome, { minLength: size, maxLength: size }), fc.nat(), (outcomes, seed) => {
      const moves = outcomes.map((is, which): Move => ({ is, which }))
      const order = moves.toSorted(
        (a, b) => ((seed ^ JSON.stringify(a).length) % 7) - ((seed ^ JSON.stringify(b).length) % 7),
      )
      const plan = {
        waves: [{ share: 1 }],
        mostAtOnce: { share: 1 },
        gate: { failureShare: 1, successShare: 0, soakMs: 0 },
      }
      const [watched, missed] = [begun(plan).settle(), begun(plan).settle()]
      play(watched, order, () => {})
      for (const one of moves.toReversed()) move(missed, one)
      missed.look()
      expect(missed.rollout).toEqual(watched.rollout)
    }),
  )
})

test('rolling back gives every changed member what it had, and ends', () => {
  fc.assert(
    fc.property(plan, history, (plan, moves) => {
      const fleet = begun(plan)
      play(fleet, moves, () => {})
      const next = act(fleet.rollout, 'roll-back', fleet.now)
      if (!next) return
      fleet.rollout = next
      fleet.script = (id) => fleet.apply(id)
      fleet.comeBack(...fleet.devices.keys())
      for (const [id, { assigned, applied }] of fleet.devices) if (assigned.revision > applied) fleet.apply(id)
      fleet.settle()
      expect(fleet.rollout.state).toBe('rolled-back')
      for (const [id, { assigned }] of fleet.devices) expect([id, assigned.build]).not.toEqual([id, 'new'])
    }),
  )
})
