/** What is known of a data set that may be fetched but not passed on. */

/** A data set that `getDataset` fetches, once its terms are accepted. */
export interface DownloadableDataset {
  readonly name: string;
  readonly title: string;
  readonly what: string;
  /** a zip archive */ readonly url: string;
  /** published checksum of the archive */ readonly md5: string;
  /** length of the archive */ readonly bytes: number;
  /** under which it may be used */ readonly terms: string;
  readonly termsInShort: string;
  /** what is taken out of the archive */ readonly entries: readonly string[];
  /** names of the files that are made of it */ readonly log: string;
  readonly catalogue: string;
  readonly termsFile: string;
  /** the files by name, from the entries by name */ readonly make: (entries: Readonly<Record<string, Uint8Array>>) => MadeFiles;
}
export type MadeFiles = Readonly<Record<string, string | Uint8Array>>;

/** Where the files of a data set are. */
export interface DatasetFiles {
  readonly folder: string;
  /** who watched what: `readLog` of @limelight/recommend reads it */ readonly log: string;
  /** titles and genres: for `readCatalogue` */ readonly catalogue: string;
  /** the terms as they came with the data */ readonly terms: string;
}
export interface GetDatasetOptions {
  /** true: you have read `terms` and keep to them. Nothing is fetched without. */ readonly acceptTerms?: boolean;
  /** another place of the archive; its checksum must be the same, or that of `md5` */ readonly url?: string;
  readonly md5?: string;
  /** the archive, fetched by hand */ readonly file?: string;
  /** the download cache; default LIMELIGHT_CACHE, else .cache/limelight in the home folder */ readonly cache?: string;
  /** after each piece: bytes that are here, bytes that there are (null where the server does not say) */ readonly onProgress?: (done: number, of: number | null) => void;
  readonly signal?: AbortSignal;
  /** give up when nothing arrives for so long; default 15,000 ms */ readonly stallMs?: number;
}
