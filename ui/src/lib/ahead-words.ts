// What the next quarter of an hour brings, in the words of whoever watches a floor: ranges, colours, how sure.
import { clock, count } from './format';
import type {
  AheadAt,
  AheadColour,
  AheadFigure,
  AheadOutlook,
  AheadPassing,
  AheadRecord,
  CampaignAhead,
  Severity,
} from './host/host';
import { i18n, t } from './state/i18n.svelte';

/** From here on something is more likely than not. */
const LIKELY = 0.5;
const SEVERITIES: Record<AheadColour, Severity> = { red: 'bad', amber: 'warn' };

/** What a campaign has before it, for a cell of a table. */
export interface Coming {
  /** Red or amber is to be expected, or is there. */
  mark: Severity | null;
  /** In few characters. */
  text: string;
  /** In the fewest: from across the room. */
  short: string;
  /** In a sentence or two, or why there is no forecast. */
  told: string;
  /** The worst is the highest; `null`: not known. */
  rank: number | null;
}

interface Range {
  low: number;
  high: number;
}

/** From here to there, once where both read alike. */
function spanned(low: string, high: string): string {
  return low === high ? low : `${low}–${high}`;
}

export const countRange = ({ low, high }: Range): string =>
  spanned(count(Math.round(low), i18n.locale), count(Math.round(high), i18n.locale));
export const clockRange = ({ low, high }: Range): string => spanned(clock(low), clock(high));
export const percentRange = ({ low, high }: Range): string => {
  const whole = (value: number) => count(Math.round(value), i18n.locale);
  return `${spanned(whole(low), whole(high))} %`;
};

/** How many of ten; what may be and may not be is neither none nor all. */
const ofTen = (likely: number) => Math.min(likely < 1 ? 9 : 10, Math.max(1, Math.round(10 * likely)));
const minutes = (secs: number) => Math.max(1, Math.round(secs / 60));

const last = (outlook: AheadOutlook): AheadAt | undefined => outlook.ahead.at(-1);
const colourOf = ({ passing }: AheadOutlook, colour: AheadColour): AheadPassing | undefined =>
  passing.find((one) => one.limited === 'either' && one.colour === colour);
/** It is passed now, in every run. */
const isNow = ({ likely, inSecs }: AheadPassing) => likely >= 1 && inSecs?.high === 0;

/** Why there is no forecast; `null` where there is one. */
export function noneText(one: CampaignAhead | null): string | null {
  if (one?.outlook) return null;
  return one?.reason ? t(`ahead_none_${one.reason}`) : t('ahead_none_yet');
}

/** What comes of a colour, if it is to be expected. */
function turning(passing: AheadPassing | undefined): Omit<Coming, 'rank'> | null {
  if (!passing || passing.likely < LIKELY) return null;
  const mark = SEVERITIES[passing.colour];
  const { likely, inSecs, clears, clearsInSecs } = passing;
  if (!isNow(passing)) {
    const [mins, ten] = [inSecs ? minutes(inSecs.middle) : 15, ofTen(likely)];
    const short = `~${mins} min`;
    return { mark, text: `${short} · ${ten}/10`, short, told: t(`ahead_turns_${mark}`, { mins, ten }) };
  }
  const stays = t('ahead_cell_stays');
  if (clears < LIKELY || !clearsInSecs)
    return { mark, text: stays, short: stays, told: t(`ahead_stays_${mark}`) };
  const [mins, ten] = [minutes(clearsInSecs.middle), ofTen(clears)];
  const text = t('ahead_cell_clears', { mins });
  return { mark, text, short: text, told: t(`ahead_clears_${mark}`, { mins, ten }) };
}

/** Its ranges at the end of the quarter. */
function figures(at: AheadAt): string {
  const named: [string, string | null][] = [
    [t('ahead_level'), at.level && percentRange(at.level)],
    [t('ahead_waiting'), countRange(at.waiting)],
    [t('ahead_longest'), clockRange(at.longestSecs)],
  ];
  const known = named.flatMap(([name, range]) => (range === null ? [] : [`${name.toLowerCase()} ${range}`]));
  return t('ahead_said', { figures: known.join(', ') });
}

const known = new WeakMap<CampaignAhead, { locale: string; coming: Coming }>();

/** What comes first: red, then amber, then what the service level will be. Worked out once of each: a table asks at every
 *  figure that comes. */
export function coming(one: CampaignAhead | null): Coming {
  const before = one && known.get(one);
  if (before?.locale === i18n.locale) return before.coming;
  const found = comingOf(one);
  if (one) known.set(one, { locale: i18n.locale, coming: found });
  return found;
}

function comingOf(one: CampaignAhead | null): Coming {
  const outlook = one?.outlook;
  const at = outlook && last(outlook);
  if (!at) return { mark: null, text: '–', short: '–', told: noneText(one) ?? '', rank: null };
  const [red, amber] = [colourOf(outlook, 'red'), colourOf(outlook, 'amber')];
  const turns = turning(red) ?? turning(amber);
  // The same colours: those expected to answer worse first.
  const rank =
    Math.round(100 * (red?.likely ?? 0)) + (amber?.likely ?? 0) + (100 - (at.level?.middle ?? 100)) / 1e4;
  if (turns) return { ...turns, told: `${turns.told} ${figures(at)}`, rank };
  const calm = red || amber ? `${t('ahead_calm')} ` : '';
  const text = at.level ? percentRange(at.level) : t('ahead_cell_waiting', { range: countRange(at.waiting) });
  return { mark: null, text, short: text, told: `${calm}${figures(at)}`, rank };
}

/** The sentence of what colour is to be expected; nothing where no rule has one. */
export function turnText(outlook: AheadOutlook): { mark: Severity | null; text: string } | null {
  const [red, amber] = [colourOf(outlook, 'red'), colourOf(outlook, 'amber')];
  const turns = turning(red) ?? turning(amber);
  if (turns) return { mark: turns.mark, text: turns.told };
  return red || amber ? { mark: null, text: t('ahead_calm') } : null;
}

/** How often the ranges shown held, all of them together. */
export function recordText({ ahead }: AheadOutlook): string {
  const shown: (AheadFigure | null)[] = ahead.flatMap((at) => [at.waiting, at.longestSecs, at.level]);
  const records = shown.flatMap((figure): AheadRecord[] => (figure?.record ? [figure.record] : []));
  const sum = (of: (record: AheadRecord) => number) => records.reduce((all, one) => all + of(one), 0);
  const all = sum((one) => one.of);
  return all ? t('ahead_record', { held: sum((one) => one.held), of: all }) : t('ahead_record_none');
}
