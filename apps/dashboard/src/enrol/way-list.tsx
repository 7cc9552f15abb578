import { Command } from '../ui/copy'
import { ways } from './ways'

/** Every way to bring a token to a device, with its command. */
export const WayList = ({ token }: { token: string }) => (
  <>
    {ways.map(({ id, title, hint, command }) => (
      <div key={id} className="grid gap-1.5">
        <h3 className="font-medium">{title}</h3>
        <p className="text-[13px] text-muted">{hint}</p>
        <Command text={command(token)} />
      </div>
    ))}
    <div className="grid gap-1.5">
      <h3 className="font-medium">The token alone</h3>
      <Command text={token} />
    </div>
  </>
)
