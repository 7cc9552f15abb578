import path from 'node:path'
import { ArtifactStore } from '@tradewind/artifacts/store'
import type { Facts } from '@tradewind/protocol'
import type { Logger } from 'pino'
import { findLlamaServer } from '../engine/llama-server-build'
import type { Env } from '../env'
import type { Host } from '../host/host'
import { hostFor } from '../host/host-for'
import { hottest } from '../host/thermal-zones'
import { readEnrolled } from '../identity/identity'
import { probeFact } from '../probe/probe'
import { sourcesOf } from '../seek/sources'
import { LocalService } from './local-service'
import { runtimeFor } from './runtime-for'

/** The service of this device, as its environment says. */
export async function openLocalService(env: Env, log: Logger, now: () => number): Promise<LocalService> {
  const folder = env.TRADEWIND_AGENT_DATA
  const host = await hostFor(env)
  const llamaServer = env.TRADEWIND_LLAMA_SERVER ?? (await findLlamaServer(env.TRADEWIND_ENGINES))?.program ?? null
  const attach = env.TRADEWIND_ENGINE_URL
    ? { profile: env.TRADEWIND_ENGINE_PROFILE, url: env.TRADEWIND_ENGINE_URL, key: env.TRADEWIND_ENGINE_KEY }
    : null
  return new LocalService({
    store: ArtifactStore.open(path.join(folder, 'models')),
    wanted: env.TRADEWIND_BUILD ?? null,
    demo: env.TRADEWIND_DEMO ?? null,
    wish: {
      contextTokens: env.TRADEWIND_CONTEXT,
      slots: env.TRADEWIND_SLOTS,
      threads: env.TRADEWIND_THREADS,
      gpuLayers: env.TRADEWIND_GPU_LAYERS,
    },
    api: { host: env.TRADEWIND_API_HOST, port: env.TRADEWIND_API_PORT, key: env.TRADEWIND_API_KEY ?? null },
    runtimeFor: (build) => runtimeFor(build, { llamaServer, attach }),
    facts: () => factsFor(host),
    temperature: () => hottest(host).catch(() => undefined),
    isAndroid: host.platform === 'android',
    folder,
    log,
    now,
    uptimeMs: () => host.uptimeMs(),
    // an identity that is damaged is told by whoever enrols; meanwhile no assignment can be verified
    enrolled: () => readEnrolled(folder).catch(() => null),
    sources: (hub) =>
      sourcesOf(hub, { url: env.TRADEWIND_HF_URL, token: env.HF_TOKEN }, env.TRADEWIND_MODELS_FOLDER ?? null),
  })
}

/** What decides how a build is held, and the class that its measurements count for. */
async function factsFor(host: Host): Promise<Facts> {
  const names = ['cpu', 'memory', 'storage', 'os', 'board', 'accelerators'] as const
  const results = await Promise.all(names.map((name) => probeFact(host, name)))
  return Object.assign({}, ...results.map(({ facts }) => facts))
}
