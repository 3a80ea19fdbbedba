// How many pixels a figure needs in a table: one that is cut is read as another one.

/** Of the figures' size and weight, a little too wide rather than too narrow; digits are all of one width. */
const DIGIT = 8.5;
const THIN = 4.4;
const PERCENT = 12.5;
/** The size they are of, pixels. */
const SIZE = 13;
/** Left and right of it. */
const AROUND = 17;

/** A table measures thousands of figures with every reading, of which few are written differently. */
const known = new Map<string, number>();
const MOST_KNOWN = 5000;

export function figureWidth(text: string): number {
  let width = known.get(text);
  if (width === undefined) {
    let pixels = AROUND;
    for (const letter of text) pixels += /[\s:.,/]/.test(letter) ? THIN : letter === '%' ? PERCENT : DIGIT;
    width = Math.ceil(pixels);
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(text, width);
  }
  return width;
}

/** How wide a figure is in ems of its own size, of heavy type. */
export function figureEms(text: string): number {
  return (figureWidth(text) - AROUND) / SIZE;
}

/** A width of a grid's column, whose pixels are at least so many. */
export function widened(width: string, least: number): string {
  return width.replace(/\d+(?=px)/, (pixels) => String(Math.max(Number(pixels), least)));
}
