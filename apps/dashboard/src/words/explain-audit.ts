import type { AuditRow } from '@tradewind/store'

const actions: Record<string, string> = {
  'device-enrolled': 'Enrolled a device',
  'device-taken-over': 'Replaced the key of a device',
  'device-approved': 'Approved a device',
  'device-refused': 'Refused a device',
  'device-renamed': 'Renamed a device',
  'device-revoked': 'Revoked a device',
  'device-tried': 'Tried a device',
  'token-created': 'Made an enrolment token',
  'token-revoked': 'Revoked an enrolment token',
  'api-token-created': 'Made an API token',
  'api-token-revoked': 'Revoked an API token',
  'role-given': 'Gave a role',
  'person-invited': 'Invited a person',
  'person-link-made': 'Made a new link for a person',
  'person-removed': 'Removed a person',
  'password-chosen': 'Chose a password',
  'retention-chosen': 'Changed how long records are kept',
  'build-resolved': 'Resolved the files of a build',
  'mirror-added': 'Added a build to the mirror',
  'mirror-pruned': 'Gave up a build of the mirror',
  'proposal-dismissed': 'Dismissed a proposal',
  'rollout-started': 'Started a rollout',
  'rollout-paused': 'Paused a rollout',
  'rollout-resumed': 'Resumed a rollout',
  'rollout-aborted': 'Aborted a rollout',
  'rollout-rolling-back': 'Rolled a rollout back',
  'workload-created': 'Made a workload',
  'workload-changed': 'Changed a workload',
  'workload-deleted': 'Deleted a workload',
  'labels-set': 'Labelled a device',
  'clip-added': 'Added a clip to the smoke test of',
  'clip-deleted': 'Deleted a clip from the smoke test of',
  'catalogue-set': 'Changed the catalogue',
  assigned: 'Assigned a build',
  'problem-acknowledged': 'Acknowledged a problem',
  'problem-silenced': 'Silenced a problem',
  'problem-unsilenced': 'Ended the silence of a problem',
}

export const explainAction = (action: string) => actions[action] ?? action.replaceAll('-', ' ')

/** `user:ada@example.org` is a person, `api:ci` a program, `token:…` a device with its token, `up` the start command. */
export function explainActor(actor: string): { kind: string; name: string } {
  const [kind = '', ...rest] = actor.split(':')
  const name = rest.join(':')
  if (kind === 'user') return { kind: 'Person', name }
  if (kind === 'api') return { kind: 'API token', name }
  if (kind === 'token') return { kind: 'Enrolment token', name }
  return { kind: 'Command', name: actor === 'up' ? 'npm start' : actor }
}

const detailNames: Record<string, string> = {
  expiresAt: 'expires',
  forDevice: 'for device',
  address: 'from',
  only: 'only',
  madeBy: 'made by',
}

/** What is empty says nothing; a moment is written to the minute. */
export const explainDetail = (detail: AuditRow['detail']) =>
  Object.entries(detail)
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => `${detailNames[name] ?? name}: ${String(value).replace(isoTime, '$1 $2 UTC')}`)
    .join(' · ')

const isoTime = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d):\d\d(?:\.\d+)?Z$/

/** What was and what is, where the entry knows both; `more` is the rest of it. */
export function explainChange({ before, after, ...more }: AuditRow['detail']) {
  const text = (value: unknown) => (value === undefined || value === null ? '' : String(value))
  const isChange = before !== undefined || after !== undefined
  return { change: isChange ? { before: text(before), after: text(after) } : null, more: explainDetail(more) }
}
