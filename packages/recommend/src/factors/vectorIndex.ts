/** What a search index gives: the numbers of the items whose vectors have the largest products with a query, best first, most of the time. */
export interface VectorIndex {
  /** items that it holds */ readonly size: number;
  search(query: Float32Array, k: number): Int32Array;
}
