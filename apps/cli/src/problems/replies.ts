import { z } from 'zod'

const text = z.string()

const Problem = z.looseObject({
  id: text,
  deviceId: text,
  deviceName: text,
  code: text,
  severity: text,
  state: text,
  sinceMs: z.number(),
  endedMs: z.number().nullable(),
  silenced: z.looseObject({ untilMs: z.number(), by: text }).nullable(),
  acknowledged: z.looseObject({ atMs: z.number(), by: text }).nullable(),
  note: text.nullable(),
  title: text,
  means: text,
  toDo: text,
})
export type Problem = z.infer<typeof Problem>

export const ProblemList = z.looseObject({ problems: z.array(Problem), total: z.number() })

export const FleetProblems = z.looseObject({
  fleet: z.array(z.looseObject({ code: text, severity: text, sinceMs: z.number(), title: text, toDo: text })),
})

export const Acknowledged = z.looseObject({ acknowledged: z.array(text) })
export const Silenced = z.looseObject({ silenced: z.array(text) })
export const Unsilenced = z.looseObject({ unsilenced: z.array(text) })
