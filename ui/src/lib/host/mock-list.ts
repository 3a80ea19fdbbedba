// The list of calls of a contact centre that is not there: enough of narrowing and order to look at it in a browser.
import type { Call, Callers, Facet, Facets, ListRow, ListSlice, ListView, Mark } from './host';
import { mockSound } from './mock-sound';
import { numberOf } from '../state/calls-search';
import { fold } from '../format';

const KEYS: Partial<Record<ListView['sort'], (call: Call) => string | number>> = {
  time: (call) => call.startedAt,
  campaign: (call) => call.campaign,
  agent: (call) => call.agent ?? '',
  number: numberOf,
  length: (call) => call.lengthSecs ?? -1,
  wait: (call) => call.waitSecs ?? -1,
};

export class MockList {
  #calls: Call[] = [];
  #view: ListView | null = null;
  #shown: ListRow[] = [];
  #marks = new Map<string, Mark>();
  #revision = 0;
  #unjudged = 0;

  begin(): void {
    this.#calls = [];
    this.#refresh();
  }

  add(calls: Call[]): void {
    this.#calls.push(...calls);
    this.#refresh();
  }

  get total(): number {
    return this.#calls.length;
  }

  look(view: ListView, count: number): ListSlice {
    this.#view = view;
    this.#refresh();
    return this.slice(0, count);
  }

  slice(from: number, count: number): ListSlice {
    const rows = this.#shown.slice(from, from + count);
    return {
      revision: this.#revision,
      total: this.#calls.length,
      shown: this.#shown.length,
      unjudged: this.#unjudged,
      from,
      rows,
    };
  }

  place(guid: string): number | null {
    const place = this.#shown.findIndex((row) => row.call.guid === guid);
    return place < 0 ? null : place;
  }

  flag(guids: string[], flagged: boolean): Mark[] {
    return guids.map((guid) => {
      const mark = { ...this.#mark(guid), flagged };
      this.#marks.set(guid, mark);
      for (const row of this.#shown) if (row.call.guid === guid) row.mark = mark;
      return mark;
    });
  }

  #mark(guid: string): Mark {
    const number = Number(guid.slice(-8));
    const heard = number % 5 === 2 ? 1 : number % 7 === 3 ? 0.38 : null;
    const sound = heard === null ? null : mockSound(number);
    return this.#marks.get(guid) ?? { guid, heard, flagged: number % 23 === 4, sound };
  }

  #refresh(): void {
    const { filter, mode, sort, down } = this.#view ?? {};
    const words = fold(filter?.text ?? '')
      .split(' ')
      .filter((word) => word);
    const key = KEYS[sort ?? 'time'] ?? ((call: Call) => call.startedAt);
    const turned = down ? -1 : 1;
    const silence = filter?.silenceSecs ?? null;
    this.#revision += 1;
    this.#unjudged = 0;
    this.#shown = this.#calls
      .filter((call) => {
        const mark = this.#mark(call.guid);
        const text = fold(`${call.campaign} ${call.agent ?? ''} ${numberOf(call)} ${call.startedAt}`);
        return (
          words.every((word) => text.includes(word)) &&
          (mode !== 'abandoned' || (!call.answered && call.direction === 'inbound')) &&
          (!filter?.flagged || mark.flagged) &&
          (filter?.heard !== 'nothing' || mark.heard === null) &&
          (filter?.answered !== 'yes' || call.answered) &&
          (filter?.answered !== 'no' || !call.answered) &&
          (!filter?.outcome || filter.outcome === call.outcome) &&
          (!filter?.number || filter.number === numberOf(call))
        );
      })
      .filter((call) => {
        const { sound } = this.#mark(call.guid);
        if (silence !== null && !sound) this.#unjudged += 1;
        return silence === null || (sound?.longestSilenceSecs ?? -1) >= silence;
      })
      .sort((a, b) => (key(a) < key(b) ? -turned : key(a) > key(b) ? turned : 0))
      .map((call) => ({ call, mark: this.#mark(call.guid), answeredLater: null }));
  }

  facets(): Facets {
    const of = (values: (call: Call) => (string | null)[]): Facet[] => {
      const counted = new Map<string, number>();
      for (const call of this.#calls)
        for (const value of new Set(values(call)))
          if (value) counted.set(value, (counted.get(value) ?? 0) + 1);
      return [...counted].map(([value, calls]) => ({ value, calls }));
    };
    return {
      campaigns: of((call) => [call.campaign]),
      agents: of((call) => call.legs.map((leg) => leg.agent)),
      outcomes: of((call) => [call.outcome]),
      legOutcomes: of((call) => call.legs.map((leg) => leg.disposition)),
      causes: of((call) => [call.cause]),
    };
  }

  callers(least: number): Callers {
    const byNumber = new Map<string, Call[]>();
    for (const call of this.#calls)
      byNumber.set(numberOf(call), [...(byNumber.get(numberOf(call)) ?? []), call]);
    const callers = [...byNumber].flatMap(([number, calls]) => {
      const [last, first] = [calls[0], calls.at(-1)];
      if (calls.length < least || !first || !last) return [];
      return [
        {
          number,
          calls: calls.length,
          answered: calls.filter((call) => call.answered).length,
          firstAt: first.startedAt,
          lastAt: last.startedAt,
          campaign: last.campaign,
          reachedLater: calls.every((call) => call.answered) ? null : last.answered,
        },
      ];
    });
    return { total: callers.length, callers: callers.sort((a, b) => b.calls - a.calls) };
  }
}
