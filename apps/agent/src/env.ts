import { homedir } from 'node:os'
import path from 'node:path'
import { z } from 'zod'

const milliseconds = z.coerce.number().int().min(100)

/** The agent's configuration, all of it from the environment. */
const Env = z.object({
  TRADEWIND_AGENT_DATA: z
    .string()
    .min(1)
    .default(path.join(homedir(), '.local/share/tradewind-agent'))
    .describe('folder for the identity, the outbox and the models'),
  TRADEWIND_TOKEN: z.string().optional().describe('one-time enrolment token; needed once'),
  TRADEWIND_HUB: z
    .url({ protocol: /^https$/ })
    .optional()
    .describe('address of a hub to ask without a token; a person must then approve this device'),
  TRADEWIND_NAME: z.string().trim().min(1).max(63).optional().describe("default: the host's name"),
  TRADEWIND_SAMPLE_MS: milliseconds.default(10_000).describe('between two samples'),
  TRADEWIND_BATCH_MS: milliseconds.default(60_000).describe('between two batches of samples'),
  TRADEWIND_MEASURE: z
    .enum(['once', 'never'])
    .default('once')
    .describe('whether memory and disk are measured, once, at the first start'),
  TRADEWIND_HF_URL: z
    .url({ protocol: /^https?$/ })
    .default('https://huggingface.co')
    .transform((url) => url.replace(/\/+$/, ''))
    .describe('where model files come from: Hugging Face, or a mirror that answers as it does'),
  HF_TOKEN: z.string().min(1).optional().describe('read token of Hugging Face, for models behind a licence'),
  TRADEWIND_LOG: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
})

export type Env = z.infer<typeof Env>

/** Throws with one line per mistake, each naming its variable. */
export function readEnv(from: Record<string, string | undefined>): Env {
  const parsed = Env.safeParse(from)
  if (parsed.success) return parsed.data
  throw new Error(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'))
}
