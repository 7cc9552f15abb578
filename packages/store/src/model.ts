import type { Decision, HealthCode, HealthProblem, Offer, Refusal, Severity, SyncState } from '@tradewind/fleet'
import type {
  Assignment,
  Baseline,
  BuildMeasured,
  CapabilityReport,
  Facts,
  FigureName,
  Labels,
  Measured,
  PresenceState,
  Reported,
  ResolvedBuild,
  Seeking,
  Serving,
  SmokeResult,
  Unreadable,
  Work,
  Workload,
  WorkName,
} from '@tradewind/protocol'

export const deviceOrders = [
  'attention',
  'name',
  'presence',
  'sync',
  'serving',
  'board',
  'memory',
  'os',
  'cpu',
  'temperature',
  'sample',
  'enrolled',
] as const
/** `attention` puts first what needs a person most: lost, disconnected, failed, pending, then never seen. */
export type DeviceOrder = (typeof deviceOrders)[number]

/** One device as a list shows it. Times are milliseconds since 1970; null is unknown, never zero. */
export type DeviceRow = {
  id: string
  num: number
  name: string
  presence: { state: PresenceState; sinceMs: number } | null
  sync: SyncState
  deviceClass: string | null
  board: string | null
  cpu: string | null
  cores: number | null
  memoryBytes: number | null
  os: string | null
  agentVersion: string | null
  enrolledMs: number
  revokedMs: number | null
}

/** The newest figures of a device that was heard of in this hour or the one before. */
export type Latest = { atMs: number; cpuBusy: number | null; temperatureC: number | null }

/** A device as a table shows it, with what can be chosen and sorted by. */
export type FleetRow = DeviceRow & {
  labels: Labels
  /** what it says that it serves; null: nothing, or not known */
  serving: Pick<Serving, 'build' | 'label' | 'demo' | 'state'> | null
  /** what is wrong with it now, each code once */
  problems: HealthCode[]
  latest: Latest | null
}

export type DeviceDetail = DeviceRow & {
  report: { atMs: number; facts: Facts; unreadable: Unreadable[] } | null
  /** `latest`: what is assigned to it; what is applied differs until it is in sync */
  assignment: {
    assignedRevision: number
    revisionSeen: number
    revisionApplied: number
    latest: Omit<AssignmentRow, 'decision'> | null
  } | null
  failure: { code: string; detail: string } | null
  /** null: nothing, or not known */
  serving: Serving | null
  /** how far it is with its assignment; null: nothing was assigned to it */
  seeking: Seeking | null
  /** what the smoke test said of the build that was tested last */
  smoke: SmokeResult | null
  labels: Labels
  /** of each build the latest, newest first */
  measured: BuildMeasured[]
  start: number | null
  keys: { fingerprint: string; createdMs: number; replacedMs: number | null }[]
}

export type SamplePoint = { atMs: number } & { [F in FigureName]: number | null }

export type RollupLevel = '1m' | '15m' | '1h'
export type ChartLevel = 'raw' | RollupLevel

/** What was done in a span of time, summed; 0 where nothing was, as far as devices have told. Units as on the wire. */
export type WorkDone = Record<WorkName, number>

/** What a figure did within one point. `last` is what the newest sample of the point says: null when it did not say. */
export type Spread = { min: number; mean: number; max: number; last: number | null }

/** A figure that no sample of the point could read is null. */
export type ChartPoint = { atMs: number } & { [F in FigureName]: Spread | null }

/** `bucketMs` is how much time a point stands for; null when the points are the samples themselves. */
export type Chart = { level: ChartLevel; bucketMs: number | null; points: ChartPoint[] }

export type EventRow = {
  id: string
  deviceId: string | null
  deviceName: string | null
  source: 'device' | 'hub'
  code: string
  atMs: number
  detail: Record<string, string | number | boolean>
}

/** `toMs` null: it was not heard of since. */
export type ThrottledSpan = {
  fromMs: number
  toMs: number | null
  throttles: NonNullable<Facts['throttling']>['now']
}

export type TokenState = 'open' | 'used' | 'expired' | 'revoked'
export type TokenRow = {
  id: string
  note: string
  state: TokenState
  createdMs: number
  createdBy: string
  expiresMs: number
  forDevice: string | null
  usedBy: string | null
}

export type ParkedRow = {
  publicKey: string
  fingerprint: string
  name: string
  board: string | null
  address: string
  firstMs: number
  lastMs: number
  refusedMs: number | null
}

export type AuditRow = {
  id: string
  atMs: number
  actor: string
  action: string
  target: string
  detail: Record<string, unknown>
}

export const roles = ['viewer', 'operator', 'admin'] as const
export type Role = (typeof roles)[number]

/** From the least to the most. */
const rank = (role: Role) => roles.indexOf(role)
export const isAbove = (one: Role, other: Role) => rank(one) > rank(other)

/** A person with an account. `inviteUntilMs`: a one-time link waits for them; `hasPassword`: they have used one. */
export type PersonRow = {
  id: string
  name: string
  email: string
  role: Role
  createdMs: number
  /** when a session of theirs was last begun or renewed; null: they are not signed in */
  seenMs: number | null
  hasPassword: boolean
  inviteUntilMs: number | null
}

export type ApiTokenRow = {
  id: string
  name: string
  role: Role
  /** the only things that it may do; null: all of its role */
  deeds: string[] | null
  createdBy: string
  createdMs: number
  lastUsedMs: number | null
  revokedMs: number | null
}

/** What the hub says of itself, for the tokens that people make. */
export type HubInfo = {
  urls: string[]
  caSha256: string
  mqttPort: number
  version: string
  /** days that it was started to keep samples for, where nobody chose otherwise */
  sampleDays?: number
}

/** A device as the broker must know it to let it in. */
export type RosterEntry = {
  deviceId: string
  num: number
  name: string
  publicKey: string
  revoked: boolean
  assignedRevision: number
  presence: { state: PresenceState; start: number; session: number; sinceMs: number } | null
}

export type EnrolOutcome =
  | { state: 'enrolled'; deviceId: string; how: 'new' | 'again' | 'taken-over' }
  | { state: 'awaiting-approval' }
  | { state: 'refused'; code: string }

/** All that one group commit stores, in one transaction. */
export type IngestGroup = {
  batches: IngestBatch[]
  events: IngestEvent[]
  presences: { deviceId: string; state: PresenceState; start: number; session: number; sinceMs: number }[]
  reports: { deviceId: string; report: CapabilityReport; receivedMs: number }[]
  reported: { deviceId: string; reported: Reported; receivedMs: number }[]
  measured: { deviceId: string; measured: Measured }[]
}
export type IngestBatch = {
  device: number
  stream: string
  receivedMs: number
  samples: { seq: number; atMs: number; figures: Partial<Record<FigureName, number>>; work?: Work }[]
}
export type IngestEvent = {
  id: string
  deviceId: string | null
  source: 'device' | 'hub'
  code: string
  atMs: number
  receivedMs: number
  detail: Record<string, string | number | boolean>
}

/** What devices are for. `placedVersion` lags behind `version` until the hub has made a rollout of the change. */
export type WorkloadRow = {
  id: string
  version: number
  placedVersion: number
  workload: Workload
  rolloutPlan: Record<string, unknown> | null
  createdMs: number
  changedMs: number
  changedBy: string
}

/** Devices that have a build because a workload gave it to them. */
export type WorkloadHold = { workloadId: string; build: string; devices: number }

export type LoadTime = { build: string; deviceClass: string; loadMs: number }

export const assignmentCauses = ['first', 'person', 'rollout', 'roll-back', 'restart'] as const
export type AssignmentCause = (typeof assignmentCauses)[number]

export type AssignmentRow = {
  deviceId: string
  revision: number
  atMs: number
  actor: string
  cause: AssignmentCause
  rolloutId: string | null
  workloadId: string | null
  workloadVersion: number | null
  build: string
  assignment: Assignment
  decision: Decision | null
}

export type ProposalRow = {
  deviceId: string
  deviceName: string
  atMs: number
  workloadId: string
  workloadVersion: number
  build: string
  instead: string
  gain: number | null
  dismissedMs: number | null
  dismissedBy: string | null
}

/** Why a device has not what its workload asks for: none fits, files are not resolved, or two workloads want it. */
export type UnplacedRow = {
  deviceId: string
  deviceName: string
  /** since when it is so */
  atMs: number
  kind: 'refused' | 'unresolved' | 'tie'
  /** null for a tie */
  workloadId: string | null
  workloadVersion: number | null
  /** the one that comes nearest */
  build: string | null
  detail: { refusals: Refusal[]; offer: Offer | null } | { priority: number; workloads: string[] }
}

/**
 * Where a problem stands for people. `waiting`: it is so, and nobody has said anything of it. Whoever acknowledges it
 * knows; it waits again when it gets worse. Who silences it does not want to hear of it until a time.
 */
export const problemStates = ['waiting', 'acknowledged', 'silenced', 'ended'] as const
export type ProblemState = (typeof problemStates)[number]

export type ProblemRow = HealthProblem & {
  id: string
  deviceId: string
  deviceName: string
  state: ProblemState
  /** null: it is so now */
  endedMs: number | null
  acknowledged: { atMs: number; by: string } | null
  silenced: { untilMs: number; by: string } | null
  note: string | null
}

/** All waiting problems of one code. */
export type ProblemGroup = {
  code: HealthCode
  /** the worst of them */
  severity: Severity
  /** of the oldest of them */
  sinceMs: number
  devices: number
  /** a few of them, the worst first */
  first: ProblemRow[]
}

/** What the first device of a class answered when it tested a build. */
export type BaselineRow = { build: string; deviceClass: string; deviceId: string; atMs: number; baseline: Baseline }

/** What the source said of a file when it was resolved. */
export type RecordedFile = { repository: string; path: string; commit: string; bytes: number; sha256: string }
export type FileDiffers = { known: RecordedFile; found: RecordedFile }

export type AssignedBuild = { build: ResolvedBuild; devices: number }

/** Days that each kind of record is kept. The audit is kept for good. */
export type Retention = Record<RetentionName, number>
export const retentionNames = ['samples', 'minutes', 'quarters', 'hours', 'events'] as const
export type RetentionName = (typeof retentionNames)[number]

/** What may be chosen. Samples cost the most; a rollup must outlive what it is made from. */
export const retentionBounds: Record<RetentionName, { least: number; most: number }> = {
  samples: { least: 1, most: 30 },
  minutes: { least: 2, most: 60 },
  quarters: { least: 7, most: 366 },
  hours: { least: 30, most: 3660 },
  events: { least: 7, most: 3660 },
}
