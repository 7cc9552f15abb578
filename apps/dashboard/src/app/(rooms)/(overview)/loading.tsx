import { PageTitle, Panel } from '../../../ui/section'

const lines = [0, 1, 2]
const columns = [0, 1, 2, 3]

const Loading = () => (
  <div aria-busy>
    <PageTitle title="Overview">
      <div className="skeleton h-9 w-32" />
    </PageTitle>
    <div className="grid gap-8">
      <div>
        <div className="skeleton mb-3 h-8 w-40" />
        <Panel>
          {lines.map((line) => (
            <div key={line} className="flex h-20 items-center gap-4 border-b px-4 last:border-0">
              <div className="skeleton size-4" />
              <div className="skeleton h-4 w-56" />
              <div className="skeleton ml-auto h-4 w-16" />
            </div>
          ))}
        </Panel>
      </div>
      <div>
        <div className="skeleton mb-3 h-8 w-48" />
        <Panel className="grid gap-px overflow-hidden bg-line sm:grid-cols-2 xl:grid-cols-4">
          {columns.map((column) => (
            <div key={column} className="grid gap-3 bg-surface p-4">
              <div className="skeleton h-4 w-20" />
              <div className="skeleton h-6" />
              <div className="skeleton h-6" />
              <div className="skeleton h-6" />
            </div>
          ))}
        </Panel>
      </div>
    </div>
  </div>
)
export default Loading
