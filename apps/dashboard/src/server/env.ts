import path from 'node:path'
import { z } from 'zod'

const Env = z.object({
  TRADEWIND_DATA: z.string().min(1).describe('the folder of tradewind.db, hub.local.json and auth.secret'),
})

let read: { dataFolder: string } | undefined

/** Read when first asked for, because `next build` loads this module without any environment. Throws what is missing. */
export function env() {
  if (read) return read
  const parsed = Env.safeParse(process.env)
  if (!parsed.success) throw new Error('set TRADEWIND_DATA to the folder that holds tradewind.db')
  read = { dataFolder: path.resolve(parsed.data.TRADEWIND_DATA) }
  return read
}

export const inData = (file: string) => path.join(env().dataFolder, file)
