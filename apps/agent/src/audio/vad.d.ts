declare module '@ozymandiasthegreat/vad/lib/embedded.js' {
  import type { VAD } from '@ozymandiasthegreat/vad'

  const load: () => Promise<typeof VAD>
  export default load
}
