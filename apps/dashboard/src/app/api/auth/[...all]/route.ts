import { addressHeader, auth } from '../../../../server/auth'

/**
 * Every attempt counts as coming from this machine: the dashboard listens on the loopback, and an address that a
 * client or a proxy writes would only help someone to guess passwords without limit.
 */
async function handle(request: Request): Promise<Response> {
  const headers = new Headers(request.headers)
  headers.set(addressHeader, '127.0.0.1')
  return (await auth()).handler(new Request(request, { headers }))
}

export { handle as GET, handle as POST }
