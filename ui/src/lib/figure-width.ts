// How many pixels a figure needs in a table: one that is cut is read as another one.

/** Of the figures' size and weight, a little too wide rather than too narrow; digits are all of one width. */
const DIGIT = 8.5;
const THIN = 4.4;
const PERCENT = 12.5;
/** The size they are of, pixels. */
const SIZE = 13;
/** Left and right of it. */
const AROUND = 17;

export function figureWidth(text: string): number {
  let pixels = AROUND;
  for (const letter of text) pixels += /[\s:.,/]/.test(letter) ? THIN : letter === '%' ? PERCENT : DIGIT;
  return Math.ceil(pixels);
}

/** How wide a figure is in ems of its own size, of heavy type. */
export function figureEms(text: string): number {
  return (figureWidth(text) - AROUND) / SIZE;
}

/** A width of a grid's column, whose pixels are at least so many. */
export function widened(width: string, least: number): string {
  return width.replace(/\d+(?=px)/, (pixels) => String(Math.max(Number(pixels), least)));
}
