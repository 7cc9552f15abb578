import { Facts } from '@tradewind/protocol'
import { bytes, type Cell, orUnknown, relative, span } from '../format'
import type { Session } from '../session'
import { findDevice } from './find'
import { presenceCell, syncCell } from './list'
import { Detail } from './replies'

export async function showDevice(session: Session, idOrName: string, { json }: { json?: boolean }) {
  const { id } = await findDevice(session.api, idOrName)
  const device = await session.api.call('GET', `/devices/${encodeURIComponent(id)}`, Detail)
  if (json) return session.json(device)
  session.fields([
    ...standing(device, session.nowMs),
    ...modelRows(device, session.nowMs),
    ...factRows(device),
    ...unreadableRows(device),
  ])
}

type Row = [name: string, value: Cell]

function standing(device: Detail, nowMs: number): Row[] {
  const { assignment, failure, report, revokedMs } = device
  const key = device.keys.find(({ replacedMs }) => replacedMs === null)
  return [
    ['name', device.name],
    ['id', device.id],
    ['presence', presenceCell(device, nowMs)],
    ['sync', syncCell(device)],
    ...(failure ? [['failure', { text: `${failure.code} ${failure.detail}`.trim(), style: 'red' }] as Row] : []),
    ['revision', assignment ? `${assignment.revisionApplied} of ${assignment.assignedRevision}` : 'unknown'],
    ['start', orUnknown(device.start)],
    ['agent', orUnknown(device.agentVersion)],
    ['class', orUnknown(device.deviceClass)],
    ['fingerprint', orUnknown(key?.fingerprint)],
    ['enrolled', relative(device.enrolledMs, nowMs)],
    ...(revokedMs === null ? [] : [['revoked', { text: relative(revokedMs, nowMs), style: 'red' }] as Row]),
    ['report', report ? relative(report.atMs, nowMs) : 'unknown'],
  ]
}

/** What it is for, what it serves, and how far it is on the way to what it should serve. */
function modelRows({ labels, assignment, serving, seeking, measured }: Detail, nowMs: number): Row[] {
  const latest = assignment?.latest
  return [
    [
      'labels',
      Object.entries(labels)
        .map(([name, value]) => `${name}=${value}`)
        .join(', ') || 'none',
    ],
    ['assigned', latest ? assignedWords(latest, nowMs) : 'nothing'],
    ['serving', serving ? `${serving.label}, ${serving.state} since ${relative(serving.since, nowMs)}` : 'nothing'],
    ...(seeking && seeking.is !== 'converged' ? [['on its way', seekingWords(seeking, nowMs)] as Row] : []),
    ...measured.map((one): Row => ['measured', measuredWords(one)]),
  ]
}

const assignedWords = ({ build, workloadId, actor, atMs }: Latest, nowMs: number) =>
  `${build}${workloadId === null ? '' : ` for ${workloadId}`}, by ${actor} ${relative(atMs, nowMs)}`

function seekingWords({ is, build, step, progress, reason }: NonNullable<Detail['seeking']>, nowMs: number): string {
  const done = progress && `${bytes(progress.doneBytes)} of ${bytes(progress.totalBytes)}`
  const left = progress?.etaMs ? `${span(progress.etaMs)} left` : undefined
  const again = reason?.retryAt && (reason.retryAt > nowMs ? `again ${relative(reason.retryAt, nowMs)}` : 'again now')
  return [`${is}: ${step ?? 'nothing yet'} for ${build}`, done, left, reason?.code, again].filter(Boolean).join(', ')
}

function measuredWords({
  build,
  promptPerSecond,
  generationPerSecond,
  realTimeFactor,
  residentBytes,
}: Measured): string {
  const figures = [
    promptPerSecond && `reads ${promptPerSecond.toFixed(1)} tokens/s`,
    generationPerSecond && `writes ${generationPerSecond.toFixed(1)} tokens/s`,
    realTimeFactor && `${realTimeFactor.toFixed(2)} s for a second of speech`,
    residentBytes && `holds ${bytes(residentBytes)}`,
  ].filter(Boolean)
  return `${build}: ${figures.join(', ') || 'unknown'}`
}

type Latest = NonNullable<NonNullable<Detail['assignment']>['latest']>
type Measured = Detail['measured'][number]

/** A fact that this version does not understand is as unknown as one that was not read. */
function factRows({ report, os }: Detail): Row[] {
  const parsed = Facts.safeParse(report?.facts ?? {})
  const { board, cpu, memory, storage, network, thermal }: Facts = parsed.success ? parsed.data : {}
  return [
    ['board', orUnknown(board, ({ maker, model }) => [maker, model].filter(Boolean).join(' '))],
    [
      'cpu',
      orUnknown(cpu, ({ model, logicalCores, architecture }) => `${model}, ${logicalCores} cores, ${architecture}`),
    ],
    ['memory', orUnknown(memory, ({ totalBytes }) => bytes(totalBytes))],
    ['storage', orUnknown(storage, ({ freeBytes, totalBytes }) => `${bytes(freeBytes)} free of ${bytes(totalBytes)}`)],
    ['os', orUnknown(os)],
    ['network', orUnknown(network, addresses)],
    [
      'temperature',
      orUnknown(thermal && hottest(thermal.zones), (celsius) => `${celsius.toFixed(1)} °C at the report`),
    ],
  ]
}

const addresses = ({ hostname, interfaces }: NonNullable<Facts['network']>) =>
  [hostname, ...interfaces.flatMap((each) => each.addresses)].join(', ')

const hottest = (zones: NonNullable<Facts['thermal']>['zones']) =>
  zones.length > 0 ? Math.max(...zones.map(({ celsius }) => celsius)) : null

const unreadableRows = ({ report }: Detail): Row[] =>
  (report?.unreadable ?? []).map(({ fact, code }) => ['not read', `${fact}: ${code}`])
