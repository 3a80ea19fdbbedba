// Drawing a sample: how many calls were read, and who had too few.
import type { Direction, Host, Problem, SampleRequest, Shortfall } from '../host/host';
import { asProblem } from '../host/host';

/** What a sample is begun with, wherever it is begun from. */
export interface SampleWish {
  /** Whom it is drawn of; none: as the last one. */
  people: string[];
  /** Calls for each of them, where not everybody is to have as many. */
  each?: Record<string, number>;
  /** What it is of, in a few words. */
  name?: string;
  campaign?: string;
  minSecs?: number;
  direction?: Direction;
  disposition?: string;
}

export class SampleDraw {
  /** Calls read so far; `null` while nothing is drawn. */
  reading = $state<number | null>(null);
  /** Recordings measured, of so many; `null` before and without. */
  measuring = $state.raw<{ done: number; total: number } | null>(null);
  problem = $state.raw<Problem | null>(null);

  constructor(private readonly host: Host) {}

  /** Draws it; `ondrawn` hears of the sample and of those who had too few calls. */
  async draw(
    request: SampleRequest,
    ondrawn: (id: number, short: Shortfall[], unjudged: number, undisposed: number) => void,
  ): Promise<void> {
    this.problem = null;
    this.reading = 0;
    try {
      await this.host.stream('sample_draw', { request }, (update) => {
        this.measuring = update.kind === 'measuring' ? update : null;
        if (update.kind === 'reading') this.reading = update.calls;
        else if (update.kind !== 'measuring') this.reading = null;
        if (update.kind === 'failed') this.problem = update.problem;
        if (update.kind === 'done')
          ondrawn(update.sample.id, update.shortfalls, update.unjudged, update.undisposed);
      });
    } catch (error) {
      this.reading = null;
      this.problem = asProblem(error);
    }
  }

  cancel(): void {
    this.host.ask('sample_cancel', {}).catch(() => undefined);
  }
}
