import type { EventRow } from '@tradewind/store'
import { bytes, count, span } from './format'
import { explainFailure } from './name-serving'

export type Tone = 'good' | 'attention' | 'bad' | 'neutral'
export type Explained = { title: string; more: string | null; tone: Tone }
type Detail = EventRow['detail']

const says = (title: string, tone: Tone = 'neutral', more: string | null = null): Explained => ({ title, tone, more })

/** What each event code means, in words. The codes of devices are in the protocol, those of the hub are its own. */
const explainers: Record<string, (detail: Detail) => Explained> = {
  'agent-started': (d) => says('Agent started', 'neutral', sentence(['version', d.version], ['start number', d.start])),
  'samples-thinned': (d) =>
    says('Some samples were dropped', 'attention', `${number(d.dropped, 'The oldest')} while the hub was away.`),
  'outbox-damaged': (d) =>
    says('The outbox was damaged', 'attention', `${size(d.bytes)} not yet sent was lost, most likely by a power cut.`),
  'outbox-unwritable': (d) =>
    says(
      'The outbox cannot be written',
      'bad',
      `Samples are kept in memory only. ${sentence(['error', d.error]) ?? ''}`,
    ),
  'clock-corrected': (d) =>
    says('Clock corrected', 'neutral', typeof d.offSeconds === 'number' ? `It was off by ${off(d.offSeconds)}.` : null),
  'engine-crashed': (d) =>
    says(
      'The engine crashed',
      'bad',
      `${explainFailure(String(d.code))} ${d.givenUp === true ? 'It was given up.' : 'It is started again.'}`,
    ),
  'build-applied': (d) => says('A build was applied', 'good', sentence(['build', d.build], ['revision', d.revision])),
  'smoke-test-failed': (d) =>
    says('A build failed its test', 'bad', sentence(['build', d.build], ['why', d.code], ['revision', d.revision])),
  'rolled-back': (d) =>
    says('Back on the build before', 'attention', sentence(['now', d.to], ['instead of', d.build], ['why', d.code])),
  'assignment-refused': (d) =>
    says(
      'An assignment was refused',
      'bad',
      `${sentence(['revision', d.revision], ['why', d.code]) ?? ''} It serves on what it has.`.trim(),
    ),
  'revision-ahead': (d) =>
    says(
      'The device is ahead of its hub',
      'bad',
      `${sentence(['applied', d.applied], ['assigned', d.assigned]) ?? ''} The hub was probably restored from a backup: assign again.`.trim(),
    ),
  'rollout-started': (d) => says('A rollout has started', 'neutral', waveOf(d)),
  'rollout-wave': (d) => says('A rollout goes to its next wave', 'neutral', waveOf(d)),
  'rollout-paused': (d) => says('A rollout has paused', 'bad', sentence(['why', d.code], ['wave', d.wave])),
  'rollout-resumed': (d) => says('A rollout goes on', 'neutral', waveOf(d)),
  'rollout-done': () => says('A rollout is done', 'good'),
  'rollout-aborted': () => says('A rollout was aborted', 'attention', 'What had changed stays.'),
  'rollout-rolling-back': () => says('A rollout is rolled back', 'attention'),
  'rollout-rolled-back': () => says('A rollout was rolled back', 'attention', 'Each device has what it had before.'),
  'presence-online': () => says('Came online', 'good'),
  'presence-disconnected': () => says('Disconnected', 'attention', 'The agent said goodbye before it stopped.'),
  'presence-lost': () => says('Contact lost', 'bad', 'The device went silent without saying goodbye.'),
  'presence-sleeping': () => says('Went to sleep', 'neutral', 'It comes back by itself.'),
  'message-refused': (d) => says(`A ${d.leaf ?? ''} message was refused`.replace('  ', ' '), 'attention', refusal(d)),
  'identity-conflict': (d) =>
    says(
      'Two agents use one identity',
      'bad',
      `${d.start === undefined ? '' : `Start number ${d.start}. `}A card was probably copied: enrol the copy as a new device.`,
    ),
  'connections-full': (d) =>
    says(
      'Devices are turned away',
      'bad',
      `${number(d.room, 'All')} are connected, and the hub has room for no more. Raise TRADEWIND_MAX_CONNECTIONS, or the limit of open files it runs with.`,
    ),
  enrolled: () => says('Enrolled', 'good'),
  'key-replaced': () => says('Key replaced', 'attention', 'The device now uses a new key; the old one is refused.'),
  revoked: () => says('Revoked', 'bad', 'It can no longer connect.'),
}

/** An event of a newer agent, whose code is not known here, is shown as it is. */
export function explainEvent({ code, detail }: Pick<EventRow, 'code' | 'detail'>): Explained {
  const explain = Object.hasOwn(explainers, code) ? explainers[code] : undefined
  return explain ? explain(detail) : says(code.replaceAll('-', ' '), 'neutral', listed(detail))
}

const number = (value: Detail[string] | undefined, otherwise: string) =>
  typeof value === 'number' ? count(value) : otherwise

const size = (value: Detail[string] | undefined) => (typeof value === 'number' ? bytes(value) : 'Something')

const off = (seconds: number) => span(Math.abs(seconds) * 1000)

/** `Version 0.1.0, start number 3.` of what is known; null when nothing is. */
function sentence(...parts: [name: string, value: Detail[string] | undefined][]): string | null {
  const known = parts.filter(([, value]) => value !== undefined).map(([name, value]) => `${name} ${value}`)
  const text = known.join(', ')
  return text === '' ? null : `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}

const waveOf = (d: Detail) => (d.wave === undefined ? null : `Wave ${d.wave} of ${d.waves}.`)

const refusal = (d: Detail) => [d.code, d.where && `at ${d.where}`].filter(Boolean).join(' ') || null

const listed = (detail: Detail) =>
  Object.entries(detail)
    .map(([name, value]) => `${name}: ${value}`)
    .join(', ') || null
