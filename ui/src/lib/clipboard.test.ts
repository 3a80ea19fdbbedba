import { describe, expect, it } from 'vitest';
import { pastedRows } from './clipboard';

describe('rows for the clipboard', () => {
  it('runs nothing in a spreadsheet, and leaves numbers alone', () => {
    const of = (cell: string) => pastedRows([[cell]]);
    for (const formula of ['=1+1', '@SUM(A1)', '+cmd|x', '-2+A1', '"=1', 'x;=HYPERLINK("a")', 'a,"@b']) {
      expect(of(formula), formula).toContain("'");
      expect(of(formula).replace("'", '')).toBe(formula);
    }
    for (const plain of ['+598 99 123 456', '-', '12:30', '81,5 %', 'Soporte', 'a-b', 'x = y']) {
      expect(of(plain)).toBe(plain);
    }
    expect(
      pastedRows([
        ['a\tb', 'c\nd'],
        ['e', ''],
      ]),
    ).toBe('a b\tc d\ne\t');
  });
});
