import type { HttpLimits } from './http'
import { HttpSource } from './http-source'

export type HubAt = {
  /** https://…, the address at which the hub answered last */
  url: () => string
  caPem: string
  /** that the hub's certificate carries, whatever its address */
  name: string
  /** proves which device asks; made anew for each request, because it is good for minutes */
  bearer: () => Promise<string>
}

/** The mirror of the hub: files by their sha256, for devices that it knows. */
export const hubSource = ({ url, caPem, name, bearer }: HubAt, limits?: HttpLimits): HttpSource =>
  new HttpSource(
    {
      name: 'the hub',
      urlOf: ({ sha256 }) => `${url()}/files/${sha256}`,
      secret: async () => ({ authorization: `Bearer ${await bearer()}` }),
      pinned: { caPem, name },
    },
    limits,
  )
