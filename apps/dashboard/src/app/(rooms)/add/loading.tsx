import { LoadingList } from '../../../ui/loading-list'

const Loading = () => <LoadingList title="Add a device" />
export default Loading
