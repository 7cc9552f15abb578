import type { CatalogueFault } from '@tradewind/fleet'
import { endpoint } from '../../../../server/endpoint'
import { wake } from '../../../../server/hub'
import { ProblemError } from '../../../../server/problem'
import { store } from '../../../../server/store'

/** What may be placed: what Tradewind knows, what people added, and the files that were resolved. */
export const GET = endpoint('GET /catalogue', async () => (await store()).catalogue())

/** Adds to what people added before. */
export const POST = endpoint('POST /catalogue', async ({ body, asker }) =>
  changed(await (await store()).addCatalogue(body, asker.actor)),
)

/** Replaces what people added before. */
export const PUT = endpoint('PUT /catalogue', async ({ body, asker }) =>
  changed(await (await store()).setCatalogue(body, asker.actor)),
)

async function changed([fault]: CatalogueFault[]) {
  if (fault) {
    const { id, code, ...more } = fault
    const names = 'names' in more ? ` (${more.names})` : ''
    throw new ProblemError(
      'bad-request',
      `The catalogue would not hold together: ${id}: ${code}${names}.`,
      'Correct the file; docs/placement.md has the shape.',
      { id, fault: code, ...more },
    )
  }
  await wake()
  return (await store()).catalogue()
}
