import type { Load } from './engine'

/** What is to be known of a server that speaks OpenAI's chat completions, so that any of them can be behind an engine. */
export type Profile = {
  name: 'llama-server' | 'litert-lm' | 'mlx-lm' | 'vllm'
  /** looked for on the PATH unless a path is configured */
  program: string
  /** must have succeeded once before the server is started; null: nothing is to be prepared */
  prepare: ((load: Load) => string[]) | null
  /** never binds anything but the loopback */
  args: (load: Load, port: number) => string[]
  /** the environment variable in which the server takes the key that its callers must show; null: it knows none */
  keyVariable: string | null
  /** answers 200 once the weights are loaded */
  readyPath: string
  /** what is asked of it as `model`; null: the first that it lists */
  model: ((load: Load) => string) | null
  /** whether it can hear with a build that does, whichever file that is in */
  hears: 'with-projector' | 'by-itself' | 'never'
  schema: boolean
  /** how many generations run at the same time, at most */
  mostSlots: number
  /** fields of a request that keep the model from thinking aloud */
  thinkingOff: Record<string, unknown>
  /**
   * The token that opens a thought, where the server lets one stand before an answer bound to a schema, whatever it was
   * told: it is then forbidden. Null: no need.
   */
  thoughtToken: string | null
  /** what a person should know before relying on it, by code */
  warnings: string[]
}

/**
 * llama.cpp's server. Beside the obvious: `-c` counts the tokens of all slots together; its defaults would hold up to
 * 8 GiB of old prompts and 32 checkpoints a slot, change what does not fit, and answer any web page that is open in a
 * browser on this machine.
 */
const llamaServer: Profile = {
  name: 'llama-server',
  program: 'llama-server',
  prepare: null,
  args: (load, port) => [
    ...['--model', load.modelPath],
    ...(load.projectorPath ? ['--mmproj', load.projectorPath] : []),
    ...['--host', '127.0.0.1', '--port', `${port}`],
    ...['--ctx-size', `${load.contextTokens * load.slots}`, '--parallel', `${load.slots}`, '--no-kv-unified'],
    ...['--threads', `${load.threads}`, '--ubatch-size', `${load.ubatch}`, '--n-gpu-layers', `${load.gpuLayers}`],
    ...['--cache-type-k', load.cacheType, '--cache-type-v', load.cacheType],
    ...['--jinja', '--reasoning', 'off'],
    ...['--cache-ram', '0', '--ctx-checkpoints', '0', '--fit', 'off'],
    ...['--offline', '--no-slots', '--cors-origins', 'localhost'],
  ],
  keyVariable: 'LLAMA_API_KEY',
  readyPath: '/health',
  model: null,
  hears: 'with-projector',
  schema: true,
  mostSlots: Number.POSITIVE_INFINITY,
  thinkingOff: { chat_template_kwargs: { enable_thinking: false } },
  thoughtToken: '<|channel>',
  warnings: [],
}

/** Google's LiteRT-LM. It listens everywhere unless told; files are imported under a name before they are served. */
const litertLm: Profile = {
  name: 'litert-lm',
  program: 'litert-lm',
  prepare: (load) => ['import', load.modelPath, load.build],
  args: (_load, port) => ['serve', '--host', '127.0.0.1', '--port', `${port}`],
  keyVariable: null,
  readyPath: '/v1/models',
  model: ({ build, contextTokens, gpuLayers }) => `${build},${gpuLayers > 0 ? 'gpu' : 'cpu'},${contextTokens}`,
  hears: 'by-itself',
  schema: true,
  mostSlots: 1,
  thinkingOff: { reasoning_effort: 'none' },
  thoughtToken: null,
  warnings: ['open-on-loopback'],
}

/** Apple's mlx-lm: text alone, its cache always f16, its context as long as the model's. */
const mlxLm: Profile = {
  name: 'mlx-lm',
  program: 'mlx_lm.server',
  prepare: null,
  args: (load, port) => [
    ...['--model', load.modelPath, '--host', '127.0.0.1', '--port', `${port}`],
    ...['--decode-concurrency', `${load.slots}`, '--prompt-concurrency', `${load.slots}`],
    ...['--chat-template-args', '{"enable_thinking":false}'],
  ],
  keyVariable: null,
  readyPath: '/health',
  model: ({ modelPath }) => modelPath,
  hears: 'never',
  schema: false,
  mostSlots: Number.POSITIVE_INFINITY,
  thinkingOff: { chat_template_kwargs: { enable_thinking: false } },
  thoughtToken: null,
  warnings: ['open-on-loopback', 'context-unbounded'],
}

/** vLLM takes a folder of safetensors, and all of a GPU. */
const vllm: Profile = {
  name: 'vllm',
  program: 'vllm',
  prepare: null,
  args: (load, port) => [
    ...['serve', load.modelPath, '--served-model-name', load.build, '--host', '127.0.0.1', '--port', `${port}`],
    ...['--max-model-len', `${load.contextTokens}`, '--max-num-seqs', `${load.slots}`],
    ...['--limit-mm-per-prompt', '{"audio":1,"image":0}'],
  ],
  keyVariable: 'VLLM_API_KEY',
  readyPath: '/health',
  model: null,
  hears: 'by-itself',
  schema: true,
  mostSlots: Number.POSITIVE_INFINITY,
  thinkingOff: { chat_template_kwargs: { enable_thinking: false } },
  thoughtToken: null,
  warnings: [],
}

export const profiles = { 'llama-server': llamaServer, 'litert-lm': litertLm, 'mlx-lm': mlxLm, vllm } as const
export type ProfileName = keyof typeof profiles
