import { LoadingList } from '../../../ui/loading-list'

const Loading = () => <LoadingList title="Audit" />
export default Loading
