/** MovieLens-100K of GroupLens: what it is, its terms, and its files made readable: a log and a catalogue with headers (RecBole's .inter and .item) out of u.data and u.item, which have none. */
import { FormatError } from '@limelight/core';
import type { DownloadableDataset, MadeFiles } from './types.ts';

/** The conditions as the README of the data set gives them. */
const TERMS = `MovieLens data sets were collected by the GroupLens Research Project at the University of Minnesota.

Neither the University of Minnesota nor any of the researchers involved can guarantee the correctness of the data, its suitability for any particular purpose, or the
validity of results based on the use of the data set. The data set may be used for any research purposes under the following conditions:

  * The user may not state or imply any endorsement from the University of Minnesota or the GroupLens Research Group.
  * The user must acknowledge the use of the data set in publications resulting from the use of the data set (see below for citation information).
  * The user may not redistribute the data without separate permission.
  * The user may not use this information for any commercial or revenue-bearing purposes without first obtaining permission from a faculty member of the GroupLens
    Research Project at the University of Minnesota.

Citation: F. Maxwell Harper and Joseph A. Konstan. 2015. The MovieLens Datasets: History and Context. ACM Transactions on Interactive Intelligent Systems 5, 4,
Article 19. https://doi.org/10.1145/2827872
The whole text: https://files.grouplens.org/datasets/movielens/ml-100k-README.txt`;

/** In the order of the last 19 columns of u.item. */
const GENRES = ['unknown', 'Action', 'Adventure', 'Animation', "Children's", 'Comedy', 'Crime', 'Documentary', 'Drama', 'Fantasy', 'Film-Noir', 'Horror', 'Musical', 'Mystery', 'Romance', 'Sci-Fi', 'Thriller', 'War', 'Western'];
const LOG = 'ml-100k/u.data', ITEMS = 'ml-100k/u.item', README = 'ml-100k/README';

export const movielens100k: DownloadableDataset = {
  name: 'movielens-100k', title: 'MovieLens-100K', what: '100,000 ratings of 943 users on 1,682 films, 1997 to 1998, with titles, years and genres',
  url: 'https://files.grouplens.org/datasets/movielens/ml-100k.zip', md5: '0e33842e24a9c977be4e0107933c0723', bytes: 4_924_029, terms: TERMS, termsInShort: 'research only, no redistribution',
  entries: [LOG, ITEMS, README], log: 'ml-100k.inter', catalogue: 'ml-100k.item', termsFile: 'README.txt', make,
};

function make(entries: Readonly<Record<string, Uint8Array>>): MadeFiles {
  const log = rows(entries, LOG, '\t', 4), films = rows(entries, ITEMS, '|', 5 + GENRES.length);
  return {
    'ml-100k.inter': `user_id:token\titem_id:token\trating:float\ttimestamp:float\n${log.map((cells) => cells.join('\t')).join('\n')}\n`,
    'ml-100k.item': `item_id:token\tmovie_title:token_seq\trelease_year:token\tclass:token_seq\n${films.map(film).join('\n')}\n`,
    'README.txt': entries[README] ?? new Uint8Array(0),
  };
}
/** id | title | date | date of the video | address | a 0 or 1 for each genre */
function film(cells: readonly string[]): string {
  const [id = '', title = '', date = ''] = cells, year = /\d{4}$/.exec(date)?.[0] ?? /\((\d{4})\)\s*$/.exec(title)?.[1] ?? '';
  return [id, title.trim(), year, GENRES.filter((_, i) => cells[5 + i]?.trim() === '1').join(' ')].join('\t');
}
function rows(entries: Readonly<Record<string, Uint8Array>>, name: string, separator: string, columns: number): string[][] {
  // The files are older than UTF-8.
  return new TextDecoder('latin1').decode(entries[name]).trimEnd().split(/\r?\n/).map((line, i) => {
    const cells = line.split(separator);
    if (cells.length !== columns) throw new FormatError(`${name} of MovieLens-100K should have ${columns} columns; line ${i + 1} has ${cells.length}. Is this another data set?`);
    return cells;
  });
}
