import { expect, it } from 'vitest'
import { explainAction, explainActor, explainChange, explainDetail } from './explain-audit'

it('names who did it', () => {
  expect(explainActor('user:ada@example.org')).toEqual({ kind: 'Person', name: 'ada@example.org' })
  expect(explainActor('api:ci: nightly')).toEqual({ kind: 'API token', name: 'ci: nightly' })
  expect(explainActor('up')).toEqual({ kind: 'Command', name: 'npm start' })
})

it('shows an action from a newer hub as it is', () => {
  expect(explainAction('device-revoked')).toBe('Revoked a device')
  expect(explainAction('sails-torn')).toBe('sails torn')
})

it('leaves out what is empty and writes moments to the minute', () => {
  const detail = { note: '', forDevice: null, name: 'till-1', expiresAt: '2026-11-25T05:53:39.324Z' }
  expect(explainDetail(detail)).toBe('name: till-1 · expires: 2026-11-25 05:53 UTC')
})

it('tells what was and what is apart from the rest', () => {
  expect(explainChange({ before: 'viewer', after: 'admin', name: 'Bob' })).toEqual({
    change: { before: 'viewer', after: 'admin' },
    more: 'name: Bob',
  })
  expect(explainChange({ name: 'Bob' })).toEqual({ change: null, more: 'name: Bob' })
  expect(explainChange({ before: '', after: 'site: north' }).change).toEqual({ before: '', after: 'site: north' })
})
