// Text for the clipboard. A text that is still being fetched is promised to it at once: what is written later is no longer
// somebody's own doing, and is refused.
export async function copyText(text: string | Promise<string>): Promise<void> {
  if (typeof text === 'string') return navigator.clipboard.writeText(text);
  const blob = text.then((whole) => new Blob([whole], { type: 'text/plain' }));
  // Whoever promised hears of a failure; the clipboard may have given up before.
  blob.catch(() => undefined);
  await navigator.clipboard.write([new ClipboardItem({ 'text/plain': blob })]);
  await text;
}
