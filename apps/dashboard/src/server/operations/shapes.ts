import { presenceStates } from '@tradewind/protocol'
import { roles } from '@tradewind/store/model'
import { z } from 'zod'

/** Milliseconds since 1970. */
export const ms = z.number().describe('milliseconds since 1970')
export const text = z.string()
export const count = z.number().int()
export const flag = z.boolean()
export const orNull = <T extends z.ZodType>(schema: T) => schema.nullable()
export const role = z.enum(roles)
export const presence = z.object({ state: z.enum(presenceStates), sinceMs: ms }).nullable()

/** A value of the domain that is passed on as it is: its type is held to, its parts are not spelled out. */
export const whole = <T>(says: string) => z.custom<T>().meta({ type: 'object', description: says })
