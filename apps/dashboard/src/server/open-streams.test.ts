import { expect, test } from 'vitest'
import { endStreamsOf, openStream } from './open-streams'

test('what a removed person reads ends at once, with what tokens read; others read on', () => {
  const request = new AbortController()
  const [ann, bob, ci] = ['user:ann@example.org', 'user:bob@example.org', 'api:ci'].map((actor) =>
    openStream(actor, request.signal, 60_000),
  )
  endStreamsOf('ann@example.org')
  expect([ann?.aborted, bob?.aborted, ci?.aborted]).toEqual([true, false, true])
  request.abort()
  expect(bob?.aborted).toBe(true)
})
