import Sqlite from 'better-sqlite3'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import type { IngestBatch } from './model'
import { openStore } from './open'
import { group, newFile, temporaryFolder } from './temporary'

const folder = temporaryFolder(afterAll)
const t0 = 1_790_000_000_000

/**
 * A device drains its outbox in order and drops a batch once it is acknowledged. An acknowledgement may be lost, so it
 * sends again from wherever it was; a restart of the agent starts a new stream. The hub may be killed between any two.
 */
type Move =
  | { do: 'send'; device: number; count: number; acknowledged: boolean }
  | { do: 'restart-agent'; device: number }
  | { do: 'flush' }
  | { do: 'reopen' }

const device = fc.integer({ min: 1, max: 3 })
const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('send' as const),
      device,
      count: fc.integer({ min: 1, max: 5 }),
      acknowledged: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart-agent' as const), device }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('flush' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reopen' as const) }) },
)

/** The outbox of one device: what it has sent, and what it knows to be stored. */
class Outbox {
  #start = 1
  #sent = 0
  #acknowledged = 0
  readonly all: string[] = []

  constructor(readonly device: number) {}

  get stream() {
    return `device${this.device}start${this.#start}`
  }

  restart() {
    this.#start++
    this.#sent = 0
    this.#acknowledged = 0
  }

  /** Everything that is not acknowledged, and `count` new samples. */
  next(count: number, acknowledged: boolean): IngestBatch {
    const first = this.#acknowledged + 1
    for (let seq = this.#sent + 1; seq <= this.#sent + count; seq++) this.all.push(`${this.stream}/${seq}`)
    this.#sent += count
    if (acknowledged) this.#acknowledged = this.#sent
    const samples = Array.from({ length: this.#sent - first + 1 }, (_, i) => ({
      seq: first + i,
      atMs: t0 + first + i,
      figures: { load1: first + i },
      work: { requests: 1 },
    }))
    return { device: this.device, stream: this.stream, receivedMs: t0 + this.#sent, samples }
  }
}

async function play(groups: Move[][]) {
  const file = newFile(folder)
  const outboxes = new Map([1, 2, 3].map((device) => [device, new Outbox(device)]))
  let store = await openStore(file, { ingests: true })
  for (const moves of groups) {
    const batches: IngestBatch[] = []
    for (const move of moves) {
      const outbox = 'device' in move ? outboxes.get(move.device) : undefined
      if (outbox && move.do === 'send') batches.push(outbox.next(move.count, move.acknowledged))
      if (outbox && move.do === 'restart-agent') outbox.restart()
      if (move.do === 'flush') await store.flushMarks()
      if (move.do === 'reopen') {
        await store.close()
        store = await openStore(file, { ingests: true })
      }
    }
    await store.commit(group({ batches }))
  }
  while ((await store.rollUp(7)) > 0);
  const { requests } = await store.workDone({ fromMs: 0, toMs: t0 * 2 })
  await store.close()
  return { file, requests, sent: [...outboxes.values()].flatMap(({ all }) => all) }
}

function storedIn(file: string): string[] {
  const db = new Sqlite(file, { readonly: true })
  const rows = db.prepare('SELECT stream, seq FROM Sample').all() as { stream: string; seq: number }[]
  db.close()
  return rows.map(({ stream, seq }) => `${stream}/${seq}`)
}

test('whatever is sent again and whenever the hub starts again, every sample is stored once, and its work counted once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(move, { minLength: 1, maxLength: 4 }), { maxLength: 12 }), async (moves) => {
      const { file, sent, requests } = await play(moves)
      expect(storedIn(file).sort()).toEqual(sent.sort())
      expect(requests).toBe(sent.length)
    }),
    { numRuns: 40 },
  )
}, 60_000)
