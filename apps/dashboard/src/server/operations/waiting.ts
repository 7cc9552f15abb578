import { z } from 'zod'
import type { Operations } from './operation'
import { count } from './shapes'

export const waiting = {
  'GET /waiting': {
    deed: 'read',
    summary: 'How much waits for people',
    reply: z.object({
      problems: count.describe('open ones that nobody has acknowledged or silenced'),
      proposals: count,
      rollouts: count.describe('that run, are paused or roll back'),
    }),
  },
} satisfies Operations
