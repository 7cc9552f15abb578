import { mostClipBytes } from '@tradewind/protocol'
import { expect, test } from 'vitest'
import { clipProblem } from './clip'

const clip = (size: number) => ({ name: 'call.wav', blob: { size } as Blob })

test.each([
  [0, 'bad-request', 'call.wav is empty.'],
  [mostClipBytes + 1, 'too-large', 'call.wav has 25.0 MiB; a clip is at most 25.0 MiB.'],
])('of %d bytes: %s', (size, code, message) => {
  expect(clipProblem(clip(size))).toMatchObject({ code, message })
})

test.each([1, mostClipBytes])('a clip of %d bytes may be sent', (size) => {
  expect(clipProblem(clip(size))).toBeNull()
})
