export { downloadNamed, downloads, findDataset, getDataset } from './downloads.ts';
export type { DatasetFiles, DownloadableDataset, GetDatasetOptions, MadeFiles } from './types.ts';
