const lines = (many: number) => Array.from({ length: many }, (_, i) => i)

/** The outline of the page of a device: its head, the bar of its parts, the decision, the charts. */
const Loading = () => (
  <div aria-busy>
    <div className="skeleton mb-4 h-5 w-20" />
    <div className="mb-4 flex items-start justify-between gap-6">
      <div className="skeleton h-8 w-64 max-w-full" />
      <div className="skeleton h-9 w-56 max-sm:hidden" />
    </div>
    <div className="skeleton mb-3 h-6 w-[32rem] max-w-full" />
    <div className="skeleton mb-6 h-7 w-40" />
    <div className="mb-8 flex h-10 gap-6 border-b">
      {lines(5).map((line) => (
        <div key={line} className="skeleton h-4 w-20" />
      ))}
    </div>
    <div className="skeleton mb-4 h-5 w-36" />
    <div className="mb-8 grid h-[34rem] gap-8 rounded-lg border bg-surface p-5 lg:grid-cols-2">
      {lines(2).map((column) => (
        <div key={column} className="grid content-start gap-4 max-lg:last:hidden">
          {lines(8).map((line) => (
            <div key={line} className="skeleton h-4" style={{ width: `${90 - line * 6}%` }} />
          ))}
        </div>
      ))}
    </div>
    <div className="grid gap-4 md:grid-cols-2 xl:grid-cols-3">
      {lines(6).map((chart) => (
        <div key={chart} className="h-[13.5rem] rounded-lg border bg-surface p-4">
          <div className="skeleton mb-3 h-4 w-24" />
          <div className="skeleton h-7 w-20" />
        </div>
      ))}
    </div>
  </div>
)
export default Loading
