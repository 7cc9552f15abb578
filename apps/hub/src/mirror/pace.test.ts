import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Pace } from './pace'

/** Time that passes only by being slept through; whoever wakes first goes on first. */
class SleptClock {
  ms = 0
  #asleep: { atMs: number; wake: () => void }[] = []
  nowMs = () => this.ms
  sleep = (ms: number) =>
    new Promise<void>((wake) => {
      this.#asleep.push({ atMs: this.ms + ms, wake })
    })

  async run(untilMs: number) {
    for (;;) {
      for (let i = 0; i < 10; i++) await Promise.resolve()
      this.#asleep.sort((a, b) => a.atMs - b.atMs)
      const next = this.#asleep[0]
      if (!next || next.atMs > untilMs) return
      this.#asleep.shift()
      this.ms = next.atMs
      next.wake()
    }
  }
}

const signal = new AbortController().signal

test('all transfers together get no more bytes than the rate gives, and one piece', async () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 64_000 }), { minLength: 1, maxLength: 6 })
  await fc.assert(
    fc.asyncProperty(sizes, fc.integer({ min: 1_000, max: 1_000_000 }), async (pieces, bytesPerSecond) => {
      const clock = new SleptClock()
      const pace = new Pace(bytesPerSecond, clock)
      let sent = 0
      let isOver = false
      const transfer = async (piece: number) => {
        while (!isOver) {
          await pace.take(piece, signal)
          if (!isOver) sent += piece
        }
      }
      for (const piece of pieces) void transfer(piece)
      await clock.run(2_000)
      isOver = true
      expect(sent).toBeLessThanOrEqual(bytesPerSecond * 2 + Math.max(...pieces))
      expect(sent).toBeGreaterThan(bytesPerSecond * 2 - 2 * Math.max(...pieces))
    }),
    { numRuns: 30 },
  )
})

test('without a rate nobody waits', async () => {
  const pace = new Pace(null, { nowMs: () => 0, sleep: () => Promise.reject(new Error('slept')) })
  for (let i = 0; i < 1000; i++) await pace.take(1e9, signal)
})
