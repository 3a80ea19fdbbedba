// uPlot, fetched when the first chart is drawn. While loading it makes a number format of the system's language, and fails
// where that is none ("C"): then it is told of one.
import type uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

export type Plot = typeof uPlot;

export async function plots(): Promise<Plot> {
  try {
    new Intl.NumberFormat(navigator.language);
  } catch {
    Object.defineProperty(navigator, 'language', { value: 'en', configurable: true });
  }
  return (await import('uplot')).default;
}
