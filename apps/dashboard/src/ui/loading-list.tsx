import { PageTitle, Panel } from './section'

const lines = Array.from({ length: 8 }, (_, i) => i)

/** The outline of a page that is one list. */
export const LoadingList = ({ title }: { title: string }) => (
  <div aria-busy>
    <PageTitle title={title} />
    <Panel>
      {lines.map((line) => (
        <div key={line} className="flex h-14 items-center gap-6 border-b px-5 last:border-0">
          <div className="skeleton h-4 w-48" />
          <div className="skeleton h-4 flex-1 max-sm:hidden" />
          <div className="skeleton h-4 w-16" />
        </div>
      ))}
    </Panel>
  </div>
)
