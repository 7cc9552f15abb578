import { mostSmokeClipBytes, SmokeClipKept, SmokeClipWish } from '@tradewind/protocol'
import { z } from 'zod'
import type { Operations } from './operation'
import { flag } from './shapes'

const Clip = SmokeClipKept.meta({ id: 'SmokeClip' })

/** Clips of operators, on which new builds are tested beside the clip that every device has. */
export const clips = {
  'GET /clips': {
    deed: 'read',
    summary: 'The clips that operators added to smoke tests',
    reply: z.object({ clips: z.array(Clip) }),
  },
  'POST /clips': {
    deed: 'change-clips',
    summary: `Add a clip of at most ${mostSmokeClipBytes / 1024 / 1024} MiB; it counts from the next assignment on`,
    query: SmokeClipWish,
    body: 'application/octet-stream',
    reply: Clip,
  },
  'DELETE /clips/{id}': {
    deed: 'change-clips',
    summary: 'Take a clip out of smoke tests, from the next assignment on',
    reply: z.object({ deleted: flag }),
  },
} satisfies Operations
