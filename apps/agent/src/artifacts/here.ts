import path from 'node:path'
import type { HuggingFaceAt } from '@tradewind/artifacts/hugging-face'
import { ArtifactStore } from '@tradewind/artifacts/store'
import { readEnv } from '../env'

/** The store in the agent's data folder. */
export const storeHere = (): ArtifactStore =>
  ArtifactStore.open(path.join(readEnv(process.env).TRADEWIND_AGENT_DATA, 'models'))

export function huggingFaceHere(): HuggingFaceAt {
  const { TRADEWIND_HF_URL: url, HF_TOKEN: token } = readEnv(process.env)
  return { url, ...(token && { token }) }
}
