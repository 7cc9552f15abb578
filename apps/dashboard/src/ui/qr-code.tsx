import { correction, generate } from 'lean-qr'
import { toSvgPath } from 'lean-qr/extras/svg'

/** Modules of quiet around it, which readers need. */
const quiet = 4

/** A QR code as one path; always dark on white, because many readers know no other. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const code = generate(text, { minCorrectionLevel: correction.L })
  const size = code.size + 2 * quiet
  return (
    <svg
      viewBox={`${-quiet} ${-quiet} ${size} ${size}`}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
      className="size-60 rounded-md bg-white"
    >
      <path d={toSvgPath(code)} fill="#000" />
    </svg>
  )
}
