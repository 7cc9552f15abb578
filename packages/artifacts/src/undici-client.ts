// A module of its own, so that the client is in memory only while something is fetched.
export { Agent, EnvHttpProxyAgent } from 'undici'
