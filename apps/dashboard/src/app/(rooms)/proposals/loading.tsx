import { LoadingList } from '../../../ui/loading-list'

const Loading = () => <LoadingList title="Proposals" />
export default Loading
