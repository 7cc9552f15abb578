import { existsSync } from 'node:fs'
import path from 'node:path'
import { FolderSource } from '@tradewind/artifacts/folder-source'
import { hubSource } from '@tradewind/artifacts/hub-source'
import { type HuggingFaceAt, huggingFace } from '@tradewind/artifacts/hugging-face'
import type { Source } from '@tradewind/artifacts/source'
import { hubName } from '../link/hub-http'

/** The hub as a place for files. */
export type HubPlace = { url: () => string; caPem: string; bearer: () => Promise<string> }

/** Where assigned files come from: the hub's mirror on the LAN, the repository at the pinned commit, a folder or stick. */
export function sourcesOf(hub: HubPlace | null, at: HuggingFaceAt, folder: string | null): Source[] {
  return [
    ...(hub ? [hubSource({ ...hub, name: hubName })] : []),
    huggingFace(at),
    ...(folder === null ? [] : [new FolderSource(folder, (file) => inFolder(folder, file))]),
  ]
}

/** Under its sha256, its path in the repository, or its name. */
const inFolder = (folder: string, file: { sha256: string; path: string }) =>
  [file.sha256, file.path, path.basename(file.path)].map((name) => path.join(folder, name)).find(existsSync)
