import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { HostError, type Measurement, type UnreadableCode } from '../host/host'
import { measureLater } from './later'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** A host that answers each time with the next of these. */
function scripted(answers: Record<Measurement, (number | UnreadableCode)[]>) {
  const asked: Measurement[] = []
  const measured = async (what: Measurement) => {
    asked.push(what)
    const answer = (answers[what].length > 1 ? answers[what].shift() : answers[what][0]) ?? 'failed'
    if (typeof answer === 'string') throw new HostError(answer, what)
    return answer
  }
  return { measured, asked }
}

describe('what a busy host put off', () => {
  it('is measured when it is quiet, told once, and then left alone', async () => {
    const host = scripted({ 'memory-bandwidth': ['failed', 'failed', 1e9], 'read-speed': [1e8] })
    const told = vi.fn()
    measureLater(host, told, 1000)
    await vi.advanceTimersByTimeAsync(1500)
    expect(told).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(told).toHaveBeenCalledTimes(1)
    expect(host.asked.filter((what) => what === 'memory-bandwidth')).toHaveLength(3)
  })

  it.each([
    ['everything is known', 1e9],
    ['it never can be', 'unsupported'],
    ['nobody wants it', 'not-present'],
  ] as const)('is not waited for when %s', async (_, answer) => {
    const host = scripted({ 'memory-bandwidth': [answer], 'read-speed': [1e8] })
    const told = vi.fn()
    measureLater(host, told, 1000)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(told).not.toHaveBeenCalled()
    expect(host.asked).toHaveLength(2)
  })

  it('is forgotten when the agent stops', async () => {
    const host = scripted({ 'memory-bandwidth': ['failed'], 'read-speed': ['failed'] })
    const stop = measureLater(host, vi.fn(), 1000)
    await vi.advanceTimersByTimeAsync(500)
    stop()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(host.asked).toHaveLength(2)
  })
})
