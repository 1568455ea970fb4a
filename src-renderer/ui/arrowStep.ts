/** Where an arrow key leads in a list or radio group: on, back, or nowhere for any other key. */
export function arrowStep(key: string): 1 | -1 | undefined {
  if (key === 'ArrowRight' || key === 'ArrowDown') return 1;
  if (key === 'ArrowLeft' || key === 'ArrowUp') return -1;
  return undefined;
}
