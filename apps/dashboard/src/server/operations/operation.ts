import type { z } from 'zod'
import type { Deed } from '../../people/permission'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** One thing that `/api/v1` does. What it takes and gives, other than JSON, is named by its media type. */
export type Operation = {
  deed: Deed
  summary: string
  query?: z.ZodObject
  body?: z.ZodType | MediaType
  reply: z.ZodType | MediaType
}
export type MediaType = `${string}/${string}`

/** Of one noun, by method and path: `'GET /devices/{id}'`. */
export type Operations = Record<`${Method} /${string}`, Operation>
