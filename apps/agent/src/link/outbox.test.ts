import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { addWork, type Sample } from '@tradewind/protocol'
import { testFolder } from '@tradewind/testkit'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Outbox } from './outbox'
import type { Waiting } from './segment'

const batch = (from: number, count = 1): Waiting => ({
  leaf: 'telemetry',
  body: { stream: 'stream-1', samples: Array.from({ length: count }, (_, i) => ({ seq: from + i, cpuBusy: 0.25 })) },
})
const seqsOf = (messages: Waiting[]) =>
  messages.flatMap(({ body }) => ((body.samples ?? []) as { seq: number }[]).map(({ seq }) => seq))
const waiting = (outbox: Outbox) => {
  outbox.rewind()
  const seqs = seqsOf(outbox.take(Number.MAX_SAFE_INTEGER).map(({ message }) => message))
  outbox.rewind()
  return seqs
}
const lastFile = (folder: string) => path.join(folder, readdirSync(folder).sort().at(-1) ?? '')

describe('what waits', () => {
  test('is there after a kill, in order, and goes when it is acknowledged', () => {
    const folder = testFolder()
    const outbox = Outbox.open(folder)
    for (let seq = 1; seq <= 5; seq++) outbox.append(batch(seq))
    const again = Outbox.open(folder) // the first was never closed: killed
    expect(waiting(again)).toEqual([1, 2, 3, 4, 5])
    for (const entry of again.take(3)) again.acknowledge(entry)
    again.settle()
    expect(waiting(again)).toEqual([4, 5])
    expect(waiting(Outbox.open(folder))).toEqual([4, 5])
  })

  test('is said again when the cursor was not written: never less than was acknowledged', () => {
    const folder = testFolder()
    const outbox = Outbox.open(folder)
    for (let seq = 1; seq <= 3; seq++) outbox.append(batch(seq))
    for (const entry of outbox.take(2)) outbox.acknowledge(entry)
    expect(waiting(Outbox.open(folder))).toEqual([1, 2, 3])
  })

  test('costs the disk nothing once all of it is acknowledged, and the log goes on', () => {
    const folder = testFolder()
    const outbox = Outbox.open(folder)
    const sizes = () => readdirSync(folder).map((file) => statSync(path.join(folder, file)).size)
    outbox.append(batch(1))
    outbox.append(batch(2))
    const late = outbox.take(2)
    for (const entry of late) outbox.acknowledge(entry)
    outbox.settle()
    expect(sizes()).toEqual([0])
    outbox.append(batch(3))
    for (const entry of late) outbox.acknowledge(entry) // said twice: it means the old messages, not the new one
    expect(waiting(outbox)).toEqual([3])
    outbox.settle()
    expect(waiting(Outbox.open(folder))).toEqual([3])
  })

  test('is not forgotten when a later message is acknowledged first', () => {
    const outbox = Outbox.open(testFolder())
    for (let seq = 1; seq <= 3; seq++) outbox.append(batch(seq))
    const [first, second, third] = outbox.take(3)
    if (!first || !second || !third) throw new Error('three were put in')
    outbox.acknowledge(third)
    outbox.acknowledge(second)
    expect(waiting(outbox)).toEqual([1, 2, 3])
  })
})

describe('a damaged log', () => {
  test('with a torn tail loses only that line, and says so', () => {
    const folder = testFolder()
    const outbox = Outbox.open(folder)
    for (let seq = 1; seq <= 3; seq++) outbox.append(batch(seq))
    const file = lastFile(folder)
    truncateSync(file, readFileSync(file).length - 10)
    const again = Outbox.open(folder)
    expect(waiting(again)).toEqual([1, 2])
    expect(again.takeNews()).toMatchObject([{ code: 'outbox-damaged' }])
    again.append(batch(4))
    expect(waiting(Outbox.open(folder))).toEqual([1, 2, 4])
  })

  test('with a flipped byte in the middle loses only that line', () => {
    const folder = testFolder()
    const outbox = Outbox.open(folder)
    for (let seq = 1; seq <= 3; seq++) outbox.append(batch(seq))
    const file = lastFile(folder)
    writeFileSync(file, readFileSync(file, 'utf8').replace('"seq":2', '"seq":7'))
    expect(waiting(Outbox.open(folder))).toEqual([1, 3])
  })

  test('of pure garbage is an empty one', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (garbage) => {
        const folder = testFolder()
        mkdirSync(folder, { recursive: true })
        writeFileSync(path.join(folder, '00000001.0.log'), garbage)
        const outbox = Outbox.open(folder)
        outbox.append(batch(1))
        expect(waiting(outbox)).toEqual([1])
      }),
      { numRuns: 50 },
    )
  })

  test('cut anywhere keeps a prefix of what was written', () => {
    const whole = testFolder()
    const outbox = Outbox.open(whole)
    for (let seq = 1; seq <= 6; seq++) outbox.append(batch(seq))
    const bytes = readFileSync(lastFile(whole))
    for (let cut = 0; cut <= bytes.length; cut += 7) {
      const folder = testFolder()
      writeFileSync(path.join(folder, '00000001.0.log'), bytes.subarray(0, cut))
      const seqs = waiting(Outbox.open(folder))
      expect(seqs).toEqual([1, 2, 3, 4, 5, 6].slice(0, seqs.length))
    }
  })
})

describe('a full outbox', () => {
  test('thins the oldest samples, counts them, keeps events, and stays in bounds', () => {
    const folder = testFolder()
    const outbox = Outbox.open(folder, { maxBytes: 20_000, segmentBytes: 2_000 })
    outbox.append({ leaf: 'event', body: { id: 'abcdefgh' } })
    const total = 2_000
    for (let seq = 1; seq <= total; seq += 4) outbox.append(batch(seq, 4))
    const bytes = readdirSync(folder).reduce((sum, file) => sum + readFileSync(path.join(folder, file)).length, 0)
    expect(bytes).toBeLessThan(22_500)
    const dropped = outbox
      .takeNews()
      .reduce((sum, news) => sum + (news.code === 'samples-thinned' ? news.detail.dropped : 0), 0)
    const seqs = waiting(outbox)
    expect(seqs.length + dropped).toBe(total)
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b))
    expect(seqs.at(-1)).toBe(total)
    const [oldHalf, newHalf] = [
      seqs.filter((seq) => seq <= total / 2).length,
      seqs.filter((seq) => seq > total / 2).length,
    ]
    expect(oldHalf).toBeLessThan(newHalf)
    expect(waiting(Outbox.open(folder))).toEqual(seqs)
  })

  test('thins samples, and none of the work that they tell of', () => {
    const outbox = Outbox.open(testFolder(), { maxBytes: 20_000, segmentBytes: 2_000 })
    for (let seq = 1; seq <= 1_000; seq++) {
      const samples = [{ seq, ...(seq % 3 > 0 && { work: { requests: 1, audioSeconds: seq } }) }]
      outbox.append({ leaf: 'telemetry', body: { stream: 'stream-1', samples } })
    }
    expect(outbox.takeNews().length).toBeGreaterThan(0)
    const kept = outbox.take(Number.MAX_SAFE_INTEGER).flatMap(({ message }) => message.body.samples as Sample[])
    const worked = Array.from({ length: 1_000 }, (_, i) => i + 1).filter((seq) => seq % 3 > 0)
    expect(kept.length).toBeLessThan(worked.length)
    expect(kept.reduce((sum, { work }) => addWork(sum, work ?? {}), {})).toEqual({
      requests: worked.length,
      audioSeconds: worked.reduce((sum, seq) => sum + seq, 0),
    })
  })

  test('thins nothing that is on its way', () => {
    const outbox = Outbox.open(testFolder(), { maxBytes: 3_000, segmentBytes: 1_000 })
    for (let seq = 1; seq <= 40; seq += 4) outbox.append(batch(seq, 4))
    const before = outbox.take(1_000)
    for (let seq = 41; seq <= 400; seq += 4) outbox.append(batch(seq, 4))
    for (const entry of before) outbox.acknowledge(entry)
    expect(Math.min(...waiting(outbox))).toBeGreaterThan(40)
  })
})

describe('a disk that takes nothing', () => {
  test('is named once; messages go on from memory', () => {
    const folder = path.join(testFolder(), 'outbox')
    writeFileSync(folder, 'a file where the folder should be')
    const outbox = Outbox.open(folder)
    for (let seq = 1; seq <= 3; seq++) outbox.append(batch(seq))
    expect(outbox.unwritable).toMatch(/EEXIST|ENOTDIR/)
    expect(outbox.takeNews().filter(({ code }) => code === 'outbox-unwritable')).not.toHaveLength(0)
    expect(waiting(outbox)).toEqual([1, 2, 3])
    for (const entry of outbox.take(2)) outbox.acknowledge(entry)
    expect(waiting(outbox)).toEqual([3])
  })

  test('recovers: what comes then is on the disk again, and the order holds', () => {
    const folder = path.join(testFolder(), 'outbox')
    writeFileSync(folder, 'in the way')
    const outbox = Outbox.open(folder)
    outbox.append(batch(1))
    rmSync(folder)
    mkdirSync(folder)
    outbox.append(batch(2))
    expect(outbox.unwritable).toBeNull()
    expect(waiting(outbox)).toEqual([1, 2])
    expect(waiting(Outbox.open(folder))).toEqual([2])
  })

  test('for a long time makes it thin what it holds in memory', () => {
    const folder = path.join(testFolder(), 'outbox')
    writeFileSync(folder, 'in the way')
    const outbox = Outbox.open(folder)
    for (let seq = 1; seq <= 4_000; seq += 2) outbox.append(batch(seq, 2))
    const seqs = waiting(outbox)
    expect(seqs.at(-1)).toBeGreaterThanOrEqual(3_999)
    expect(outbox.size).toBeLessThanOrEqual(501)
    const dropped = outbox
      .takeNews()
      .reduce((sum, news) => sum + (news.code === 'samples-thinned' ? news.detail.dropped : 0), 0)
    expect(seqs.length + dropped).toBe(4_000)
  })
})

test('any mixture of appending, sending, acknowledging, losing the connection and being killed loses nothing', () => {
  const step = fc.oneof(
    fc.constant('append' as const),
    fc.constant('take' as const),
    fc.constant('acknowledge' as const),
    fc.constant('disconnect' as const),
    fc.constant('settle' as const),
    fc.constant('kill' as const),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const folder = testFolder()
      const limits = { segmentBytes: 300 }
      let outbox = Outbox.open(folder, limits)
      let onTheWay = outbox.take(0)
      let seq = 0
      const stored = new Set<number>()
      for (const step of steps) {
        if (step === 'append') outbox.append(batch(++seq))
        if (step === 'take') onTheWay.push(...outbox.take(2))
        if (step === 'acknowledge') {
          const entry = onTheWay.shift()
          if (entry) outbox.acknowledge(entry)
          for (const one of seqsOf(entry ? [entry.message] : [])) stored.add(one)
        }
        if (step === 'disconnect' || step === 'kill') onTheWay = []
        if (step === 'disconnect') outbox.rewind()
        if (step === 'settle') outbox.settle()
        if (step === 'kill') outbox = Outbox.open(folder, limits)
      }
      const left = waiting(outbox)
      const missing = Array.from({ length: seq }, (_, i) => i + 1).filter(
        (one) => !stored.has(one) && !left.includes(one),
      )
      expect(missing).toEqual([])
      expect(left).toEqual([...new Set(left)].sort((a, b) => a - b))
    }),
    { numRuns: 150 },
  )
})

test('a half-written replacement of a thinned segment is not used', () => {
  const folder = testFolder()
  const outbox = Outbox.open(folder)
  outbox.append(batch(1))
  const name = readdirSync(folder)[0] ?? ''
  appendFileSync(path.join(folder, `${name.replace('.0.', '.1.')}.new`), 'torn')
  expect(waiting(Outbox.open(folder))).toEqual([1])
})
