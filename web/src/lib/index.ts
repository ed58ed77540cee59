export { PreviewTab, type PreviewTabProps } from './PreviewTab'
