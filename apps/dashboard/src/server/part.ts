import { z } from 'zod'

/** Which part of a list is asked for, in the query of every route that answers with one: by default the first `few`. */
export const part = (few = 100) => ({
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
  limit: z.coerce.number().int().min(1).max(1000).default(few),
})
