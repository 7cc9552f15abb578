import { Catalogue, CatalogueFile, Mirror, MirrorAdded, MirrorPruned } from '@tradewind/protocol'
import { z } from 'zod'
import type { Operations } from './operation'

/** What may be placed, and the files of it that the hub keeps for its devices. */
export const models = {
  'GET /catalogue': { deed: 'read', summary: 'What may be placed, with what people added', reply: Catalogue },
  'POST /catalogue': {
    deed: 'change-catalogue',
    summary: 'Add to what people added before',
    body: CatalogueFile,
    reply: Catalogue,
  },
  'PUT /catalogue': {
    deed: 'change-catalogue',
    summary: 'Replace what people added before',
    body: CatalogueFile,
    reply: Catalogue,
  },
  'GET /mirror': { deed: 'read', summary: 'The model files that the hub keeps, and how far they are', reply: Mirror },
  'POST /mirror': {
    deed: 'manage-mirror',
    summary: 'Resolve the files of a build, and have the hub fetch them',
    body: z.object({ build: z.string().min(1).max(60), resolveOnly: z.boolean().default(false) }),
    reply: MirrorAdded,
  },
  'POST /mirror/prune': {
    deed: 'manage-mirror',
    summary: 'Give up the files that no device is assigned',
    reply: MirrorPruned,
  },
} satisfies Operations
