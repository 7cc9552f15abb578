import { eventCodes } from '@tradewind/protocol'
import { describe, expect, it } from 'vitest'
import { explainEvent } from './explain-event'

const hubCodes = [
  'presence-online',
  'presence-disconnected',
  'presence-lost',
  'presence-sleeping',
  'message-refused',
  'identity-conflict',
  'connections-full',
  'enrolled',
  'key-replaced',
  'revoked',
  'revision-ahead',
  'rollout-started',
  'rollout-wave',
  'rollout-paused',
  'rollout-resumed',
  'rollout-done',
  'rollout-aborted',
  'rollout-rolling-back',
  'rollout-rolled-back',
]

describe('every known code', () => {
  it.each([...eventCodes, ...hubCodes])('%s has words of its own', (code) => {
    const { title, more } = explainEvent({ code, detail: {} })
    expect(title).toMatch(/^[A-Z]/)
    expect(`${title} ${more}`).not.toContain('undefined')
  })
})

it('says what was refused, why and where', () => {
  const detail = { leaf: 'telemetry', code: 'invalid', where: 'samples.3.seq' }
  const { title, more } = explainEvent({ code: 'message-refused', detail })
  expect(title).toBe('A telemetry message was refused')
  expect(more).toBe('invalid at samples.3.seq')
})

it('shows a code from a newer agent as it is, with its numbers', () => {
  expect(explainEvent({ code: 'disk-low', detail: { freeBytes: 12 } })).toEqual({
    title: 'disk low',
    more: 'freeBytes: 12',
    tone: 'neutral',
  })
})

it('is not fooled by names that every object has', () => {
  expect(explainEvent({ code: 'constructor', detail: {} }).title).toBe('constructor')
})

it('gives the size of a clock correction without its sign', () => {
  expect(explainEvent({ code: 'clock-corrected', detail: { offSeconds: -7_300 } }).more).toBe('It was off by 2 h.')
})

it('says what the agent said of itself', () => {
  const { more } = explainEvent({ code: 'agent-started', detail: { start: 3, version: '0.1.0' } })
  expect(more).toBe('Version 0.1.0, start number 3.')
  const damaged = explainEvent({ code: 'outbox-damaged', detail: { bytes: 2048 } })
  expect(damaged.more).toBe('2.00 KiB not yet sent was lost, most likely by a power cut.')
})

it('says why an engine crashed, and whether it comes back', () => {
  const crash = { build: 'e2b-q4_0', code: 'out-of-memory', givenUp: false }
  expect(explainEvent({ code: 'engine-crashed', detail: crash })).toEqual({
    title: 'The engine crashed',
    more: 'The system killed the engine because memory ran out. It is started again.',
    tone: 'bad',
  })
})
