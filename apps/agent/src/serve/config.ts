import { isIP } from 'node:net'
import { z } from 'zod'

/** How the API listens and what it takes. */
export const ApiConfig = z
  .object({
    host: z.string().default('127.0.0.1').describe('address to listen on; other than loopback only with a key'),
    port: z.int().min(0).max(65_535).default(8797).describe('0: any that is free'),
    keys: z.array(z.string().min(16)).default([]).describe('with one or more, every request must carry one of them'),
    mostBytes: z
      .int()
      .min(1)
      .default(25 * 1024 * 1024)
      .describe('of a body, as OpenAI takes it'),
    mostBytesAtOnce: z
      .int()
      .min(1)
      .default(100 * 1024 * 1024)
      .describe('of all bodies held at the same time'),
    mostSeconds: z.number().positive().default(3600).describe('of sound in one file; a decoded hour is 230 MB'),
    mostTokens: z.int().min(1).default(4096).describe('of one answer'),
    mostWaiting: z.int().min(0).default(16).describe('requests that may wait beside those that are served'),
    idleMs: z.int().min(1).default(15_000).describe('without a byte, after which an upload or a reader is given up'),
    requestMs: z.int().min(1).default(300_000).describe('in which a request must have arrived as a whole'),
  })
  .refine(({ host, keys }) => isLoopback(host) || keys.length > 0, {
    path: ['keys'],
    message: 'beyond loopback the API needs a key of at least 16 characters; set one, or listen on 127.0.0.1',
  })
export type ApiConfig = z.infer<typeof ApiConfig>

export function isLoopback(host: string): boolean {
  const name = host.replace(/^\[(.*)\]$/, '$1').toLowerCase()
  return name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'))
}
