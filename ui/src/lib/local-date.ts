// Days as a person reads them here: what the computer's calendar says, not what it is in Greenwich.

const two = (n: number) => String(n).padStart(2, '0');

/** `yyyy-MM-dd`; so many days before. */
export function dayText(at: Date, back = 0): string {
  const day = new Date(at.getFullYear(), at.getMonth(), at.getDate() - back);
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

/** The day after the one a text begins with, `yyyy-MM-dd`. */
export function dayAfter(text: string): string {
  const [year = 0, month = 1, day = 0] = text.slice(0, 10).split('-').map(Number);
  return dayText(new Date(year, month - 1, day + 1));
}

/** `yyyy-MM` */
export const monthText = (at: Date) => dayText(at).slice(0, 7);

/** In the name of a file: `yyyyMMdd-HHmm`. */
export function fileStamp(at: Date): string {
  return `${dayText(at).replaceAll('-', '')}-${two(at.getHours())}${two(at.getMinutes())}`;
}

/** A moment with its zone, for whoever reads it elsewhere: `yyyy-MM-ddTHH:mm:ss±HH:mm`. */
export function momentText(at: Date): string {
  const east = -at.getTimezoneOffset();
  const zone = `${east < 0 ? '-' : '+'}${two(Math.floor(Math.abs(east) / 60))}:${two(Math.abs(east) % 60)}`;
  const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':');
  return `${dayText(at)}T${time}${zone}`;
}
