import { LoadingList } from '../../../ui/loading-list'

const Loading = () => <LoadingList title="Rollouts" />
export default Loading
