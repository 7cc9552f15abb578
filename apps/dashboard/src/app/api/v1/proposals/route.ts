import { endpoint } from '../../../../server/endpoint'
import { store } from '../../../../server/store'

export const GET = endpoint('GET /proposals', async () => {
  const opened = await store()
  return { proposals: await opened.proposals(), unplaced: await opened.placementTrouble() }
})
