import { PageTitle, Panel } from '../../../ui/section'

const rows = Array.from({ length: 10 }, (_, i) => i)

const Loading = () => (
  <div aria-busy>
    <PageTitle title="Models" hint="What each variant of Gemma 4 gives and what it gives up for it." />
    <div className="mb-4 flex gap-3">
      <div className="skeleton h-9 w-48" />
      <div className="skeleton h-9 w-48" />
    </div>
    <Panel>
      {rows.map((row) => (
        <div key={row} className="grid grid-cols-2 gap-6 border-b px-3 py-4 last:border-0 sm:grid-cols-6">
          <div className="skeleton h-4 w-32 max-sm:hidden" />
          <div className="skeleton h-4 w-24" />
          <div className="skeleton h-4 w-24" />
          <div className="skeleton h-4 w-24 max-sm:hidden" />
          <div className="skeleton h-4 w-24 max-sm:hidden" />
          <div className="skeleton h-4 w-24 max-sm:hidden" />
        </div>
      ))}
    </Panel>
  </div>
)
export default Loading
