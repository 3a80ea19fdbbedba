// This computer's calendar, for the names of the files it keeps: whoever looks for one goes by the clock of the desk it was
// saved at. What stands in the window or in a file goes by the server's (`state/server-time`).

const two = (n: number) => String(n).padStart(2, '0');

/** `yyyy-MM-dd` */
export const dayText = (at: Date): string =>
  `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;

/** `yyyyMMdd-HHmm` */
export function fileStamp(at: Date): string {
  return `${dayText(at).replaceAll('-', '')}-${two(at.getHours())}${two(at.getMinutes())}`;
}
