import { PageTitle, Panel } from '../../../../ui/section'

const waves = Array.from({ length: 4 }, (_, i) => i)

const Loading = () => (
  <div aria-busy>
    <PageTitle title="Rollout" hint={<span className="skeleton inline-block h-4 w-64" />} />
    <div className="grid gap-8">
      <Panel className="h-40 p-5">
        <div className="skeleton h-9 w-56" />
      </Panel>
      <div className="grid gap-3 pt-11">
        {waves.map((wave) => (
          <Panel key={wave} className="h-28 p-5">
            <div className="skeleton h-4 w-40" />
          </Panel>
        ))}
      </div>
    </div>
  </div>
)
export default Loading
