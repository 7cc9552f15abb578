import type { Build } from '@tradewind/protocol'
import { checkFiles } from '../engine/check-files'
import { NativeRuntime } from '../engine/native'
import { openAiServer } from '../engine/openai-server'
import { profiles } from '../engine/openai-server-profiles'
import type { Runtime } from '../engine/runtime'

export type RuntimeParts = {
  /** a llama-server for this machine, or null */
  llamaServer: string | null
  /** a server that somebody else runs, instead of any of ours */
  attach: { profile: keyof typeof profiles; url: string; key?: string } | null
}

/** Which runtime holds a build here: the one it was made for, and where llama-server is not there the native libraries. */
export function runtimeFor(build: Build, { llamaServer, attach }: RuntimeParts): Runtime {
  if (attach) return openAiServer({ ...attach, profile: profiles[attach.profile] })
  switch (build.engine) {
    case 'litert-lm':
      return openAiServer({ profile: profiles['litert-lm'] })
    case 'mlx':
      return openAiServer({ profile: profiles['mlx-lm'] })
    case 'llama-server': {
      if (llamaServer !== null)
        return openAiServer({
          profile: profiles['llama-server'],
          program: llamaServer,
          checkFiles,
          minimumBuild: () => build.minimumEngineBuild ?? null,
        })
      return new NativeRuntime(build.files.some(({ role }) => role === 'projector') ? 'llama-node' : 'node-llama-cpp')
    }
  }
}
