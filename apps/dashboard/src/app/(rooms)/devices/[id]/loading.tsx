const charts = Array.from({ length: 6 }, (_, i) => i)

const Loading = () => (
  <div aria-busy>
    <div className="skeleton mb-4 h-5 w-20" />
    <div className="skeleton mb-4 h-8 w-64 max-w-full" />
    <div className="skeleton mb-8 h-6 w-96 max-w-full" />
    <div className="grid gap-4 md:grid-cols-2 xl:grid-cols-3">
      {charts.map((chart) => (
        <div key={chart} className="h-[13.5rem] rounded-lg border bg-surface p-4">
          <div className="skeleton mb-3 h-4 w-24" />
          <div className="skeleton h-7 w-20" />
        </div>
      ))}
    </div>
  </div>
)
export default Loading
