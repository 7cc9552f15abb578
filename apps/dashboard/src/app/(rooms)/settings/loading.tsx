import { LoadingList } from '../../../ui/loading-list'

const Loading = () => <LoadingList title="Settings" />
export default Loading
