import { inWords } from '../../../../server/attention'
import { endpoint } from '../../../../server/endpoint'
import { store } from '../../../../server/store'

export const GET = endpoint('GET /problems', async ({ query }) => {
  const { code = null, severity = null, device: deviceId = null, ...rest } = query
  const page = await (await store()).pageOfProblems({ ...rest, code, severity, deviceId, nowMs: Date.now() })
  return { ...page, problems: page.problems.map(inWords) }
})
