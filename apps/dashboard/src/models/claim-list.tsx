import type { Claim } from '@tradewind/protocol'
import { StandingMark } from './standing-mark'

type Props = { claims: Claim[] /** what stands beside them already, so that it is not said twice */; beside?: string }

/** What the article says, struck through where evidence contradicts it, with what is right. */
export const ClaimList = ({ claims, beside }: Props) => (
  <ul className="mt-1.5 grid gap-1.5 border-l-2 pl-2 text-[13px] leading-[18px]">
    {claims.map((claim) => (
      <li key={claim.id} className="grid gap-0.5 [overflow-wrap:anywhere]">
        <p>
          <span className="text-muted">The article: </span>
          {claim.corrected === undefined ? claim.says : <del className="text-muted">{claim.says}</del>}
        </p>
        {(claim.corrected === undefined || claim.corrected !== beside) && (
          <>
            {claim.corrected !== undefined && <p>{claim.corrected}</p>}
            <StandingMark standing={claim.standing} source={claim.source} />
          </>
        )}
      </li>
    ))}
  </ul>
)
