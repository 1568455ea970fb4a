/** The first `length` UTF-16 units of a text, one less where that would cut a character in two. */
export function cutText(text: string, length: number): string {
  return text.slice(0, length).replace(/[\ud800-\udbff]$/, '');
}
