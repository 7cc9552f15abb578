import { z } from 'zod'

const bytes = z.coerce.number().int().nonnegative()
const port = z.coerce.number().int().min(0).max(65_535)

/** The hub's configuration, all of it from the environment. Port 0 lets the system choose. */
const Env = z.object({
  TRADEWIND_DATA: z.string().min(1).describe('folder for the database, the keys and the local secret'),
  TRADEWIND_HTTPS_PORT: port.default(7443).describe('enrolment, time, health, metrics'),
  TRADEWIND_MQTTS_PORT: port.default(8883),
  TRADEWIND_MQTT_PLAIN_PORT: port.optional().describe('MQTT without TLS, on loopback only; off unless set'),
  TRADEWIND_BIND: z.string().default('0.0.0.0'),
  TRADEWIND_ADDRESSES: z
    .string()
    .optional()
    .describe('comma-separated host names or addresses under which devices reach this hub; default: all of its own'),
  TRADEWIND_MAX_CONNECTIONS: z.coerce
    .number()
    .int()
    .positive()
    .default(20_000)
    .describe('devices connected at once; fewer where the system allows fewer open files'),
  TRADEWIND_SAMPLE_DAYS: z.coerce.number().positive().default(3).describe('how long raw samples are kept'),
  TRADEWIND_MIRROR: z
    .enum(['auto', 'manual'])
    .default('manual')
    .describe('auto: files of assigned builds are mirrored unasked'),
  TRADEWIND_MIRROR_BYTES: bytes.default(50e9).describe('budget of the mirror'),
  TRADEWIND_MIRROR_RESERVE_BYTES: bytes.default(2e9).describe('of the disk that the mirror leaves free'),
  TRADEWIND_MIRROR_RATE: bytes
    .positive()
    .optional()
    .describe('bytes a second that the mirror sends to all devices together; default: as fast as it goes'),
  TRADEWIND_MIRROR_TRANSFERS: z.coerce
    .number()
    .int()
    .positive()
    .default(32)
    .describe('bodies sent to devices at once; a device fetches by four connections'),
  TRADEWIND_MODEL_SOURCE: z
    .url()
    .default('https://huggingface.co')
    .transform((url) => url.replace(/\/+$/, ''))
    .describe('where the mirror fetches from; it must answer as Hugging Face does'),
  HF_TOKEN: z.string().optional().describe('read token for TRADEWIND_MODEL_SOURCE, for models behind a licence'),
  TRADEWIND_LOG: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
})

export type Env = z.infer<typeof Env>

/** Throws with one line per mistake, each naming its variable. */
export function readEnv(from: Record<string, string | undefined>): Env {
  const parsed = Env.safeParse(from)
  if (parsed.success) return parsed.data
  throw new Error(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'))
}
