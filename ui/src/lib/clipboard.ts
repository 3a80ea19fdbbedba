// Rows and text for the clipboard. A text that is still being fetched is promised to it at once: what is written later is no longer
// somebody's own doing, and is refused.
export async function copyText(text: string | Promise<string>): Promise<void> {
  if (typeof text === 'string') return navigator.clipboard.writeText(text);
  const blob = text.then((whole) => new Blob([whole], { type: 'text/plain' }));
  // Whoever promised hears of a failure; the clipboard may have given up before.
  blob.catch(() => undefined);
  await navigator.clipboard.write([new ClipboardItem({ 'text/plain': blob })]);
  await text;
}

const NUMBER = /^[\d +\-().:,%]*$/;

/** Begins with what a spreadsheet runs, or holds such a beginning behind what some spreadsheet parts cells at. */
const RUNS = /(^"*|[,;]"*)(?=[=+\-@])/g;

/** Rows, their cells parted by tabs, of which no spreadsheet runs anything. What is a number stays as it is. */
export function pastedRows(rows: readonly (readonly string[])[]): string {
  const inert = (cell: string) => {
    const one = cell.replace(/[\t\r\n]/g, ' ');
    return NUMBER.test(one) ? one : one.replace(RUNS, "$1'");
  };
  return rows.map((cells) => cells.map(inert).join('\t')).join('\n');
}
