import { SmokeClipKept, type SmokeClipWish } from '@tradewind/protocol'
import { z } from 'zod'
import { order, passOn, readFrom } from './hub'

// The hub keeps clips, because devices fetch them from it.

export const smokeClips = () => readFrom('/smoke-clips', z.object({ clips: z.array(SmokeClipKept) }))

/** Passes the clip on as it comes in. Throws `ProblemError`. */
export const addSmokeClip = (wish: SmokeClipWish, actor: string, body: ReadableStream<Uint8Array> | null) => {
  const said = Object.entries({ ...wish, actor }).filter((pair): pair is [string, string] => pair[1] !== undefined)
  return passOn(`/smoke-clips?${new URLSearchParams(said)}`, body, SmokeClipKept)
}

export const deleteSmokeClip = (id: string, actor: string) =>
  order(`/smoke-clips/${encodeURIComponent(id)}/delete`, { actor }, z.object({ deleted: z.boolean() }))
