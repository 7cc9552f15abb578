// What the history of a fleet costs: how fast the rollups follow the log, how many bytes they take, how long a chart
// takes. All of it through the store's own commands, on a real file with synchronous=FULL.
//
// Scaled to end in a few minutes: 1,000 devices for 30 days would be 260 million samples at one in 10 s. Here they come
// every 10 s only in the last 2 hours, every minute in the last day, and every 15 minutes (or hour) before that. Every
// bucket that a chart of 1 h, 24 h, 7 d or 30 d reads is there; only how many samples were merged into it is scaled.
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { breathMs } from '@tradewind/hub/keep-house'
import { figureNames, readEnrolToken } from '@tradewind/protocol'
import { type IngestBatch, openStore, type Store } from '@tradewind/store'

const [secondMs, minuteMs, hourMs, dayMs] = [1000, 60_000, 3_600_000, 86_400_000]
const devices = 1000
const enrolled = 20
const endMs = 20_718 * dayMs
/** How the hub groups: what it holds for so long at most, in milliseconds, becomes one commit. */
const lingerMs = 250
const ingestSeconds = 15
let seq = 0

/** From how long ago until when samples come, and how far apart. */
const stretches = [
  { fromMs: 30 * dayMs, untilMs: 7 * dayMs, everyMs: hourMs },
  { fromMs: 7 * dayMs, untilMs: dayMs, everyMs: 15 * minuteMs },
  { fromMs: dayMs, untilMs: 2 * hourMs, everyMs: minuteMs },
  { fromMs: 2 * hourMs, untilMs: 0, everyMs: 10 * secondMs },
]

const folder = mkdtempSync(path.join(tmpdir(), 'tradewind-history-'))
const file = path.join(folder, 'tradewind.db')
try {
  let store = await openStore(file, { ingests: true })
  const ids = await enrol(store)
  const samples = await fill(store)
  await store.close() // checkpoints, so that the file holds it all
  const rawBytes = statSync(file).size

  store = await openStore(file, { ingests: true })
  const rolled = await timed(() => untilNone(() => store.rollUp()))
  if (rolled.value !== samples) throw new Error(`rolled up ${rolled.value} of ${samples} samples`)
  await store.close()
  const rollupBytes = statSync(file).size - rawBytes

  store = await openStore(file)
  const charts = []
  for (const [range, rangeMs] of [
    ['1 h', hourMs],
    ['24 h', dayMs],
    ['7 d', 7 * dayMs],
    ['30 d', 30 * dayMs],
  ] as const)
    charts.push({ range, ...(await chartTimes(store, ids, rangeMs)) })
  await store.close()

  store = await openStore(file, { ingests: true })
  const alone = await ingestTimes(store)
  const housekeeping = keepHouse(store)
  const beside = await ingestTimes(store)
  const chores = await housekeeping.stop()
  const dropped = await timed(() => dropAll(store))
  const rows = dropped.value + chores.rollupsDropped
  await store.close()

  print({
    devices,
    samples,
    samplesRolledPerSecond: perSecond(samples, rolled.ms),
    rollups: rows,
    rollupsPerSecond: perSecond(rows, rolled.ms),
    rawBytesPerSample: Math.round(rawBytes / samples),
    bytesPerRollup: Math.round(rollupBytes / rows),
    megabytesOfRollups: Math.round(rollupBytes / 1e6),
    rollupsDroppedPerSecond: perSecond(dropped.value, dropped.ms),
    ...chores,
    ingestAlone: alone,
    ingestBesideRetention: beside,
    p99Ratio: Math.round((beside.p99Ms / alone.p99Ms) * 100) / 100,
    charts,
  })
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** Charts are drawn of these; the other devices only have samples, among which these must be found. */
async function enrol(store: Store): Promise<string[]> {
  await store.setHubInfo({ urls: ['https://127.0.0.1:1'], caSha256: 'ab'.repeat(32), mqttPort: 1, version: 'bench' })
  const ids = []
  for (let i = 0; i < enrolled; i++) {
    const { text } = await store.createEnrolToken({ note: '', lifeMs: hourMs, actor: 'bench' })
    const token = readEnrolToken(text)
    if (!token.ok) throw new Error('the token cannot be read')
    const claims = { name: `bench-${i}`, agentVersion: 'bench', hints: {}, secret: token.value.secret }
    const outcome = await store.enrol({ publicKey: `key ${i}`, thumbprint: `print ${i}`, claims, address: '' })
    if (outcome.state !== 'enrolled') throw new Error(`not enrolled: ${outcome.state}`)
    ids.push(outcome.deviceId)
  }
  return ids
}

/** Every device sends a batch a minute, as agents do, or one sample where samples are further apart. */
async function fill(store: Store): Promise<number> {
  let samples = 0
  for (const { fromMs, untilMs, everyMs } of stretches) {
    const batchMs = Math.max(everyMs, minuteMs)
    for (let ago = fromMs; ago > untilMs; ago -= batchMs) {
      const batches = Array.from({ length: devices }, (_, i) => batch(i + 1, endMs - ago, batchMs, everyMs))
      const { stored } = await store.commit({
        batches,
        events: [],
        presences: [],
        reports: [],
        reported: [],
        measured: [],
      })
      samples += stored
    }
  }
  return samples
}

function batch(device: number, startMs: number, batchMs: number, everyMs: number): IngestBatch {
  // spread over the minute, as the agents' jitter does: a minute of the clock is in two batches of a device
  const fromMs = startMs + Math.floor((device * minuteMs) / devices)
  const samples = Array.from({ length: batchMs / everyMs }, (_, i) => {
    const atMs = fromMs + i * everyMs
    return { seq: Math.round((atMs - endMs + 31 * dayMs) / secondMs), atMs, figures: figuresAt(device, atMs) }
  })
  return { device, stream: 'bench', receivedMs: fromMs + batchMs, samples }
}

function figuresAt(device: number, atMs: number) {
  const wave = 1 + Math.sin(device + atMs / hourMs)
  return Object.fromEntries(
    figureNames.map((name, i) => [name, name.endsWith('Bytes') ? Math.round(wave * 1e9 * (i + 1)) : wave / (i + 2)]),
  )
}

/** Says how many rollups there were. */
async function dropAll(store: Store): Promise<number> {
  let dropped = 0
  for (const level of ['1m', '15m', '1h'] as const)
    dropped += await untilNone(() => store.dropRollups(level, endMs + dayMs))
  return dropped
}

/** Each chart of another device; the first of each device finds fewer of its pages in memory than the later ones. */
async function chartTimes(store: Store, ids: string[], rangeMs: number) {
  const times: number[] = []
  let drawn = { level: '', points: 0 }
  for (let round = 0; round < 3; round++)
    for (const id of ids) {
      const { ms, value } = await timed(() => store.chartOf(id, endMs - rangeMs, endMs))
      times.push(ms)
      drawn = { level: value?.level ?? '', points: value?.points.length ?? 0 }
    }
  times.sort((a, b) => a - b)
  const quantile = (q: number) => Math.round((times[Math.ceil(times.length * q) - 1] ?? Number.NaN) * 10) / 10
  return { ...drawn, p50Ms: quantile(0.5), p95Ms: quantile(0.95) }
}

/** 1,000 messages a second in groups, as the hub commits them: from a message's arrival to its commit. */
async function ingestTimes(store: Store) {
  const times: number[] = []
  const began = performance.now()
  for (let group = 1; group <= (ingestSeconds * 1000) / lingerMs; group++) {
    const dueMs = began + group * lingerMs
    await pause(Math.max(0, dueMs - performance.now()))
    const nowMs = endMs + 10 * minuteMs + performance.now()
    const batches = Array.from({ length: lingerMs }, (_, i): IngestBatch => {
      const samples = [{ seq: ++seq, atMs: nowMs, figures: figuresAt(i, nowMs) }]
      return { device: (group % 4) * lingerMs + i + 1, stream: 'live', receivedMs: nowMs, samples }
    })
    await store.commit({ batches, events: [], presences: [], reports: [], reported: [], measured: [] })
    const lateMs = performance.now() - dueMs
    for (let i = 0; i < lingerMs; i++) times.push(lateMs + i) // arrived i ms before the group was due
  }
  times.sort((a, b) => a - b)
  const quantile = (q: number) => Math.round(times[Math.ceil(times.length * q) - 1] ?? Number.NaN)
  return { p50Ms: quantile(0.5), p99Ms: quantile(0.99) }
}

/** Everything the hub drops and rolls up, one piece after the other with its breath between them, until it is stopped. */
function keepHouse(store: Store) {
  let isStopped = false
  const dropped = { samplesDropped: 0, rollupsDropped: 0, piecesMsMax: 0 }
  const piece = async (work: () => Promise<number>) => {
    const { value, ms } = await timed(work)
    dropped.piecesMsMax = Math.max(dropped.piecesMsMax, Math.round(ms))
    await pause(breathMs)
    return value
  }
  const running = (async () => {
    while (!isStopped) {
      await piece(() => store.rollUp())
      dropped.samplesDropped += await piece(() => store.dropSamples(endMs - dayMs))
      dropped.rollupsDropped += await piece(() => store.dropRollups('1m', endMs - dayMs / 2))
    }
  })()
  return {
    stop: async () => {
      isStopped = true
      await running
      return dropped
    },
  }
}

function pause(ms: number) {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

async function timed<T>(work: () => Promise<T>) {
  const start = performance.now()
  const value = await work()
  return { value, ms: performance.now() - start }
}

async function untilNone(piece: () => Promise<number>): Promise<number> {
  let sum = 0
  for (let count = await piece(); count > 0; count = await piece()) sum += count
  return sum
}

function perSecond(count: number, ms: number) {
  return Math.round(count / (ms / 1000))
}

function print({ charts, ...figures }: { charts: Record<string, string | number>[] } & Record<string, unknown>) {
  if (process.argv.includes('--json')) return console.log(JSON.stringify({ ...figures, charts }))
  console.table(figures)
  console.table(charts)
}
