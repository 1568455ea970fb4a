/**
 * The titles that hold every word of a query, the best first: whole words before beginnings before any place, and
 * early before late. An empty query finds everything in the given order.
 */
export function searchTitles<Item extends { readonly title: string }>(
  items: readonly Item[],
  query: string,
): readonly Item[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return items;
  return items
    .map((item) => ({ item, score: scoreOf(item.title.toLowerCase(), words) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ item }) => item);
}

/** Zero where a word is missing. */
function scoreOf(title: string, words: readonly string[]): number {
  let total = 0;
  for (const word of words) {
    const at = title.indexOf(word);
    if (at < 0) return 0;
    const startsWord = at === 0 || /\W/.test(title[at - 1]);
    const endsWord = at + word.length === title.length || /\W/.test(title[at + word.length]);
    total += 1 + (startsWord ? 2 : 0) + (startsWord && endsWord ? 1 : 0) + 1 / (1 + at);
  }
  return total;
}
