import { csvOfDevices } from '../../../../server/device-csv'
import { deviceQuery } from '../../../../server/device-query'
import { endpoint } from '../../../../server/endpoint'
import { store } from '../../../../server/store'

export const GET = endpoint('GET /devices.csv', async ({ query }) => {
  const opened = await store()
  const ids = await opened.idsOfDevices(await deviceQuery(opened, query))
  const day = new Date().toISOString().slice(0, 10)
  return new Response(csvOfDevices(opened, ids), {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="devices-${day}.csv"`,
      'Cache-Control': 'no-store',
    },
  })
})
