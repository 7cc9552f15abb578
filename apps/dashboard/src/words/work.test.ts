import { type Work, workNames } from '@tradewind/protocol'
import type { WorkDone } from '@tradewind/store'
import { expect, it } from 'vitest'
import { workFigures } from './work'

const words = (work: Work) =>
  Object.fromEntries(
    workFigures({ ...Object.fromEntries(workNames.map((name) => [name, 0])), ...work } as WorkDone).map(
      ({ name, value }) => [name, value],
    ),
  )

it('says what was done, each number with its unit', () => {
  expect(
    words({ requests: 1212, failedRequests: 3, audioSeconds: 5400, hearingSeconds: 1800, generatedTokens: 34_210 }),
  ).toEqual({
    'Sound heard': '90.0 min',
    'Real-time factor': '0.33 ×',
    'Tokens written': '34,210',
    'Tokens read': '0',
    Requests: '1,212',
    Failed: '3',
  })
})

it('has no factor of what was not heard', () => {
  expect(words({ requests: 1 })).not.toHaveProperty('Real-time factor')
})
