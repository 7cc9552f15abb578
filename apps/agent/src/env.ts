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
  TRADEWIND_CAPTURED_HOST: z
    .string()
    .optional()
    .describe(
      'folder written by `capture`: the agent tells the facts of that host as its own, for demonstrations and tests',
    ),
  TRADEWIND_BUILD: z.string().optional().describe('id of the build to serve; default: the one last used'),
  TRADEWIND_DEMO: z.string().optional().describe('folder of a build that is served while no other is held'),
  TRADEWIND_CONTEXT: z.coerce.number().int().min(256).default(4096).describe('tokens that one request may span'),
  TRADEWIND_SLOTS: z.coerce.number().int().min(1).max(64).default(1).describe('requests that are served at once'),
  TRADEWIND_THREADS: z.coerce.number().int().min(1).max(1024).optional().describe('default: one a core'),
  TRADEWIND_GPU_LAYERS: z.coerce
    .number()
    .int()
    .min(0)
    .max(999)
    .optional()
    .describe('layers on the GPU; default: all where the build fits on cards, else none'),
  TRADEWIND_API_HOST: z.string().default('127.0.0.1').describe('address of the API; beyond loopback it needs a key'),
  TRADEWIND_API_PORT: z.coerce.number().int().min(0).max(65_535).default(8797).describe('0: any that is free'),
  TRADEWIND_API_KEY: z.string().min(16).optional().describe('that every request to the API must carry'),
  TRADEWIND_LLAMA_SERVER: z.string().optional().describe('llama-server to use; default: the one that was built here'),
  TRADEWIND_ENGINES: z.string().optional().describe('folder of the engines that were built here'),
  TRADEWIND_ENGINE_URL: z.url().optional().describe('a server of OpenAI kind that runs already, to use instead'),
  TRADEWIND_ENGINE_PROFILE: z
    .enum(['llama-server', 'litert-lm', 'mlx-lm', 'vllm'])
    .default('llama-server')
    .describe('what that server is'),
  TRADEWIND_ENGINE_KEY: z.string().optional().describe('that it asks for'),
  TRADEWIND_HF_URL: z
    .url({ protocol: /^https?$/ })
    .default('https://huggingface.co')
    .transform((url) => url.replace(/\/+$/, ''))
    .describe('where model files come from: Hugging Face, or a mirror that answers as it does'),
  HF_TOKEN: z.string().min(1).optional().describe('read token of Hugging Face, for models behind a licence'),
  TRADEWIND_MODELS_FOLDER: z
    .string()
    .min(1)
    .optional()
    .describe('folder or stick to take assigned files from, when neither the hub nor Hugging Face has them'),
  TRADEWIND_LOG: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
})

export type Env = z.infer<typeof Env>

/** Throws with one line per mistake, each naming its variable. */
export function readEnv(from: Record<string, string | undefined>): Env {
  const parsed = Env.safeParse(from)
  if (parsed.success) return parsed.data
  throw new Error(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'))
}
