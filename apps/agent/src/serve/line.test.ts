import { expect, test } from 'vitest'
import { Line } from './line'
import type { Problem } from './problem'

const here = new AbortController().signal

function testLine({ slots = 1, mostWaiting = 2 } = {}) {
  const state = { slots, uptimeMs: 0, waits: [] as number[] }
  const line = new Line(
    () => state.slots,
    mostWaiting,
    () => state.uptimeMs,
    { queued: () => {}, waited: (seconds) => void state.waits.push(seconds) },
  )
  return { line, state }
}

const refused = (deed: () => void): Problem => {
  try {
    deed()
  } catch (problem) {
    return problem as Problem
  }
  throw new Error('it was let in')
}

const hasTurn = async (turn: Promise<unknown>) =>
  await Promise.race([
    turn.then(() => true),
    Promise.resolve(false).then(() => new Promise((r) => setImmediate(() => r(false)))),
  ])

test('so many requests as have slots and places are in it; one more is refused, until one leaves', () => {
  const { line } = testLine({ slots: 1, mostWaiting: 2 })
  const places = ['a', 'b', 'c'].map((client) => line.enter(client, here))
  expect(refused(() => line.enter('d', here))).toMatchObject({ status: 429, code: 'queue-full' })
  places[0]?.leave()
  places[0]?.leave()
  line.enter('d', here)
  expect(refused(() => line.enter('e', here)).status).toBe(429)
})

test('Retry-After is what the waiting take, by the seconds measured', async () => {
  const { line, state } = testLine({ slots: 2, mostWaiting: 4 })
  const first = line.enter('a', here)
  const exit = await first.turn()
  state.uptimeMs += 30_000
  exit()
  first.leave()
  for (let at = 0; at < 6; at++) line.enter('a', here)
  expect(refused(() => line.enter('b', here)).more.retryAfterSeconds).toBe(60)
})

test('before anything was measured Retry-After is a guess of some seconds', () => {
  const { line } = testLine({ slots: 1, mostWaiting: 0 })
  line.enter('a', here)
  expect(refused(() => line.enter('b', here)).more.retryAfterSeconds).toBe(5)
})

test('turns go round: a file of many turns does not keep another client waiting', async () => {
  const { line, state } = testLine()
  const [file, question] = [line.enter('a', here), line.enter('b', here)]
  const first = await file.turn()
  const asked = question.turn()
  first()
  const again = file.turn()
  expect(await hasTurn(again)).toBe(false)
  ;(await asked)()
  ;(await again)()
  expect(line).toMatchObject({ running: 0, waiting: 0 })
  expect(state.waits).toHaveLength(3)
})

test('who goes away while it waits is not served', async () => {
  const { line } = testLine()
  const exit = await line.enter('a', here).turn()
  const gone = new AbortController()
  const waiting = line.enter('b', gone.signal).turn()
  gone.abort(new Error('gone'))
  await expect(waiting).rejects.toThrow('gone')
  expect(line.waiting).toBe(0)
  exit()
  expect(line.running).toBe(0)
  await expect(line.enter('b', gone.signal).turn()).rejects.toThrow('gone')
})

test('more slots let in those that wait', async () => {
  const { line, state } = testLine()
  await line.enter('a', here).turn()
  const waiting = line.enter('b', here).turn()
  expect(await hasTurn(waiting)).toBe(false)
  state.slots = 2
  line.slotsChanged()
  expect(await hasTurn(waiting)).toBe(true)
  expect(line.running).toBe(2)
})
